"""Small pictures of training images, for the reply's examples."""

from io import BytesIO

from PIL import Image

from explainers.arrays import ByteArray, check_shape

MOST_SIDE = 96


def thumbnail_png(image: ByteArray, most: int = MOST_SIDE) -> bytes:
    """Encode an image as a small PNG without metadata; the same image gives the same bytes.

    Parameters
    ----------
    image
        Shape (rows, columns, channels), with one or three channels.
    most
        The longer side is reduced to this many pixels; a smaller image is kept as it is.

    Raises
    ------
    ShapeError
        When `image` does not have these axes.

    """
    check_shape("image", image, "rows", "columns", "channels")
    picture = Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image)
    longer = max(picture.size)
    if longer > most:
        width, height = (max(1, round(side * most / longer)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    encoded = BytesIO()
    picture.save(encoded, "PNG", optimize=True)
    return encoded.getvalue()

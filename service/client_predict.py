"""``POST /predict``, for BentoML's own client: the same as ``POST /v1/predict``."""

from typing import Any, cast

from bentoml import Context
from starlette.responses import Response

from explainers.errors import ReasonedError
from reasoned.reply.options import ReplyOptions
from service.arrival import arrival_of
from service.desk import Desk
from service.json_body import decoded_base64
from service.options import known_methods
from service.pictures import EncodedPicture
from service.problems import error_answer


async def client_answer(image_base64: str, given: dict[str, Any], context: Context) -> Response:
    """Explain one base64 image.

    Parameters
    ----------
    image_base64
        The image file.
    given
        The options by name, as they came.
    context
        BentoML's, of this request.

    """
    scope = context.request.scope
    desk: Desk = context.request.app.state.desk
    try:
        methods = given["methods"]
        if methods is not None:
            methods = known_methods(methods, desk.model.methods)
        options = ReplyOptions(**{**given, "methods": methods})
        picture = EncodedPicture(decoded_base64(image_base64, "image_base64"))
        body = await desk.reply(picture, options, arrival_of(scope))
    except ReasonedError as error:
        answer = error_answer(scope, error)
        # BentoML lays its context's status over whatever response is returned.
        context.response.status_code = answer.status
        headers = {name.decode(): value.decode() for name, value in answer.headers}
        found = Response(answer.body, answer.status, cast("Any", headers))
        found.headers["content-type"] = answer.content_type.decode()
        return found
    return Response(body, media_type="application/json")

namespace WhisperMesh.Router.Http;

/// <summary>A request that the HTTP API refuses.</summary>
internal sealed class ApiException(OpenAiError error) : Exception(error.Message)
{
    public OpenAiError Error { get; } = error;

    public static ApiException BadRequest(string? param, string message, string code = "invalid_value") =>
        new(new OpenAiError(message, OpenAiError.InvalidRequest, param, code));

    public static ApiException Missing(string param) =>
        BadRequest(param, $"Missing required parameter: '{param}'.", "missing_required_parameter");

    public static ApiException Unsupported(string param, string message) => BadRequest(param, message, "unsupported_parameter");

    public static ApiException UnsupportedMediaType(string message) =>
        new(new OpenAiError(message, OpenAiError.InvalidRequest, null, "unsupported_media_type")
        {
            Status = StatusCodes.Status415UnsupportedMediaType,
        });
}

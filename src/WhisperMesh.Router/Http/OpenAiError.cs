using System.Text.Json.Serialization;

namespace WhisperMesh.Router.Http;

/// <summary>An error as OpenAI's API gives it.</summary>
internal sealed record OpenAiErrorResponse(OpenAiError Error);

/// <summary>What went wrong.</summary>
/// <param name="Message">Sentence for people.</param>
/// <param name="Type">Class of the error, such as <c>invalid_request_error</c>.</param>
/// <param name="Param">Parameter at fault, or null.</param>
/// <param name="Code">Constant for programs, or null.</param>
internal sealed record OpenAiError(string Message, string Type, string? Param, string? Code)
{
    public const string InvalidRequest = "invalid_request_error";
    public const string RateLimit = "rate_limit_error";
    public const string Server = "server_error";

    [JsonIgnore]
    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }
}

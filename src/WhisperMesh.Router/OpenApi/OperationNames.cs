namespace WhisperMesh.Router.OpenApi;

/// <summary>Operation ids, as OpenAI's own description names them.</summary>
internal static class OperationNames
{
    public const string Transcribe = "createTranscription";
    public const string Translate = "createTranslation";
    public const string DetectLanguage = "detectLanguage";
    public const string Speak = "createSpeech";
    public const string ListModels = "listModels";
    public const string GetModel = "retrieveModel";
    public const string GetMesh = "getMesh";
    public const string GetRequest = "getRequest";
    public const string ListRequests = "listRequests";
    public const string GetUsage = "getUsage";
    public const string CreateKey = "createKey";
    public const string ListKeys = "listKeys";
    public const string RevokeKey = "revokeKey";
}

namespace WhisperMesh.Router.Explain;

/// <summary>On an endpoint: what its requests ask for. Each of them leaves a record; those of other endpoints leave none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExplainedAttribute(string operation) : Attribute
{
    public string Operation { get; } = operation;
}

/// <summary>What requests ask for, as records name it.</summary>
internal static class Operations
{
    public const string Transcribe = "transcribe";
    public const string Translate = "translate";
    public const string Detect = "detect";
    public const string Speak = "speak";
    public const string Live = "live";
    public const string Realtime = "realtime";
}

/// <summary>What a worker was sought for, as records name it.</summary>
internal static class Purposes
{
    public const string Work = "work";
    public const string Hedge = "hedge";
    public const string Language = "language";
    public const string QualityRetry = "quality retry";
}

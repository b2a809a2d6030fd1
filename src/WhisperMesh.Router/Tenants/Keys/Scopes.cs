namespace WhisperMesh.Router.Tenants.Keys;

/// <summary>What a key may be good for.</summary>
internal static class Scopes
{
    public const string Transcribe = "transcribe";
    public const string Speak = "speak";

    /// <summary>To list models.</summary>
    public const string Models = "models";

    /// <summary>To see the own tenant's usage.</summary>
    public const string Usage = "usage";

    /// <summary>To see the whole mesh, everybody's live sessions among it, and change nothing.</summary>
    public const string Operate = "operate";

    /// <summary>To make, list and revoke keys, and to see every tenant's usage.</summary>
    public const string Admin = "admin";

    public static readonly IReadOnlyList<string> All = [Transcribe, Speak, Models, Usage, Operate, Admin];

    /// <summary>Those of a key that is made without any named.</summary>
    public static readonly IReadOnlyList<string> Default = [Transcribe, Speak, Models, Usage];
}

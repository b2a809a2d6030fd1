namespace WhisperMesh.Router.Realtime;

/// <summary>How the end of an item is found. Without it the client says so.</summary>
internal abstract record TurnDetection
{
    /// <summary>Audio taken along before speech.</summary>
    public abstract TimeSpan Prefix { get; }

    /// <summary>Silence that ends an item.</summary>
    public abstract TimeSpan Silence { get; }
}

/// <summary>By the length of the pause.</summary>
internal sealed record ServerVad : TurnDetection
{
    public float Threshold { get; init; } = 0.5f;

    public int PrefixPaddingMs { get; init; } = 300;

    public int SilenceDurationMs { get; init; } = 500;

    /// <summary>Silence after which the client is told that nobody speaks; null: never.</summary>
    public int? IdleTimeoutMs { get; init; }

    public override TimeSpan Prefix => TimeSpan.FromMilliseconds(PrefixPaddingMs);

    public override TimeSpan Silence => TimeSpan.FromMilliseconds(SilenceDurationMs);
}

/// <summary>By what was said, says OpenAI; here by the length of the pause as well, since no model judges turns.</summary>
internal sealed record SemanticVad(string Eagerness) : TurnDetection
{
    public override TimeSpan Prefix => TimeSpan.FromMilliseconds(300);

    public override TimeSpan Silence => Eagerness switch
    {
        "low" => TimeSpan.FromSeconds(3),
        "high" => TimeSpan.FromSeconds(0.8),
        _ => TimeSpan.FromSeconds(1.5),
    };
}

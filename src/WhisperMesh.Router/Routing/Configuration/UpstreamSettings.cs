namespace WhisperMesh.Router.Routing.Configuration;

/// <summary>A speech API with OpenAI's shape that serves as a worker. Audio and text leave the mesh to it.</summary>
internal sealed record UpstreamSettings
{
    /// <summary>Its name in routes, replies and usage; also its worker id, as "upstream:NAME".</summary>
    public required string Name { get; init; }

    /// <summary>Address up to and with the version, such as "https://api.example.com/v1".</summary>
    public required string Address { get; init; }

    /// <summary>Environment variable that holds the key; unset: none is sent.</summary>
    public string? KeyEnvironment { get; init; }

    public IReadOnlyList<UpstreamModelSettings> Models { get; init; } = [];

    /// <summary>What a minute of audio costs, in any currency; for usage reports.</summary>
    public decimal PricePerMinute { get; init; }

    /// <summary>Requests at once from each router.</summary>
    public int Capacity { get; init; } = 4;

    /// <summary>Requests a minute from each router; unset: any number.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Largest upload that it takes, in bytes.</summary>
    public long MaxUploadBytes { get; init; } = 25L << 20;

    /// <summary>How long a request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    public double Weight { get; init; } = 1;

    public int Tier { get; init; } = 1;

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>A model of an upstream.</summary>
internal sealed record UpstreamModelSettings
{
    /// <summary>Name that it has there.</summary>
    public required string Id { get; init; }

    /// <summary>Name that callers here use; unset: the same.</summary>
    public string? As { get; init; }

    /// <summary>"transcribe", "translate", "synthesize", "word-timestamps"… as workers' features are named.</summary>
    public IReadOnlyList<string> Features { get; init; } = ["transcribe"];

    /// <summary>Languages that it serves, BCP-47; empty: any.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Voices of a synthesis model.</summary>
    public IReadOnlyList<string> Voices { get; init; } = [];

    /// <summary>Response format that it is asked for, of those that it has: "verbose_json" tells times, "json" and "text" do not.</summary>
    public string ResponseFormat { get; init; } = "verbose_json";

    /// <summary>
    /// Form fields that it reads beyond language, prompt, temperature, response_format and timestamp_granularities, by the names
    /// that they have in this mesh's own HTTP API, such as "keywords"; "*": all of them, as another WhisperMesh does.
    /// </summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What it is told as language when the request names none, such as "auto"; unset: nothing.</summary>
    public string? AutoLanguage { get; init; }

    /// <summary>Sample rate of its format "pcm".</summary>
    public int PcmSampleRateHz { get; init; } = 24_000;
}

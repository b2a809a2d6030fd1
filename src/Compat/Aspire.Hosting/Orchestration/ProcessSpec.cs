namespace Aspire.Hosting.Orchestration;

/// <summary>A process to be started.</summary>
internal sealed record ProcessSpec(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables set over the inherited ones; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for its standard input.</summary>
    public string? Input { get; init; }

    /// <summary>Content of a short-lived private file whose path replaces <c>{secret-file}</c> in the arguments.</summary>
    public string? SecretFile { get; init; }

    /// <summary>What must have run with success before.</summary>
    public ProcessSpec? Before { get; init; }

    /// <summary>What to do about its failure.</summary>
    public string Hint { get; init; } = "";
}

namespace WhisperMesh.Synthesis.Sherpa;

/// <summary>The files of a Piper voice in a folder.</summary>
internal sealed record PiperFiles(string Folder)
{
    private const string ModelName = "model.onnx";
    private const string TokensName = "tokens.txt";
    private const string EspeakName = "espeak-ng-data";

    public string Model => Path.Combine(Folder, ModelName);
    public string Tokens => Path.Combine(Folder, TokensName);
    public string EspeakData => Path.Combine(Folder, EspeakName);

    /// <summary>What must be there: without these sherpa-onnx ends the process instead of saying so.</summary>
    public static IReadOnlyList<string> Required { get; } =
    [
        ModelName,
        TokensName,
        .. new[] { "phondata", "phonindex", "phontab", "intonations", "en_dict" }.Select(name => $"{EspeakName}/{name}"),
    ];
}

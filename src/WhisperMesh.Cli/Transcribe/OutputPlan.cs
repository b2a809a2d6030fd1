using WhisperMesh.Cli.Formats;

namespace WhisperMesh.Cli.Transcribe;

/// <summary>A source and where its transcript goes; no path means standard output.</summary>
internal sealed record PlannedFile(string Source, string? OutputPath)
{
    internal const string StandardInput = "-";

    internal bool IsStandardInput => Source == StandardInput;

    internal string DisplayName => IsStandardInput ? "standard input" : Source;
}

/// <summary>Decides, before any work, which file goes where and in which format.</summary>
internal sealed record OutputPlan(IReadOnlyList<PlannedFile> Files, TranscriptFormat Format)
{
    internal static OutputPlan Create(IReadOnlyList<string> sources, string? output, string? formatName)
    {
        if (sources.Count(source => source == PlannedFile.StandardInput) > 1)
        {
            throw new UsageException("standard input (-) can be read only once");
        }

        // The parser takes an option it does not know for one more file.
        if (sources.FirstOrDefault(source => source.Length > 1 && source[0] == '-' && !File.Exists(source)) is { } unknown)
        {
            throw new UsageException($"'{unknown}' is neither an option nor a file");
        }

        var toFolder = output is not null && (sources.Count > 1 || Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (toFolder && File.Exists(output))
        {
            throw new UsageException($"--output must be a folder for several files, and '{output}' is a file");
        }

        var format = ChooseFormat(formatName, toFolder ? null : output);
        if (output is null && sources.Count > 1 && (format == TranscriptFormat.Srt || format == TranscriptFormat.Vtt))
        {
            throw new UsageException($"several {format.Name} documents do not make one; name a folder with --output");
        }

        var files = sources.Select(source => new PlannedFile(source, toFolder ? InFolder(output!, source, format) : output)).ToList();
        RefuseCollisions(files);
        return new OutputPlan(files, format);
    }

    private static TranscriptFormat ChooseFormat(string? name, string? outputFile)
    {
        if (name is not null)
        {
            return TranscriptFormat.Find(name)!;
        }

        return TranscriptFormat.Find(Path.GetExtension(outputFile ?? "").TrimStart('.')) ?? TranscriptFormat.Txt;
    }

    private static string InFolder(string folder, string source, TranscriptFormat format)
    {
        var name = source == PlannedFile.StandardInput ? "stdin" : Path.GetFileNameWithoutExtension(source);
        return Path.Combine(folder, $"{name}.{format.Name}");
    }

    private static void RefuseCollisions(List<PlannedFile> files)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in files.Select(file => file.OutputPath).OfType<string>())
        {
            if (!taken.Add(Path.GetFullPath(path)))
            {
                throw new UsageException($"two of the files would be written to '{path}'");
            }
        }

        foreach (var file in files.Where(file => !file.IsStandardInput && taken.Contains(Path.GetFullPath(file.Source))))
        {
            throw new UsageException($"'{file.Source}' would be overwritten by a transcript");
        }
    }
}

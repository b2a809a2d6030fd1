using System.Text.Json.Serialization;

namespace Aspire.Hosting.Watchdog;

/// <summary>What the AppHost asks of the watchdog: one JSON object a line on its standard input.</summary>
internal sealed record Request(RequestKind Kind, int Id)
{
    /// <summary>The program to start.</summary>
    public string FileName { get; init; } = "";

    /// <summary>
    /// Its arguments; <see cref="SecretFilePlaceholder"/> stands for the path of a file with <see cref="SecretFile"/> in it.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>Variables set over the inherited ones; null takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for its standard input, which is then closed.</summary>
    public string? Input { get; init; }

    /// <summary>Content of a file that only this user can read, for a secret that may not stand in the arguments.</summary>
    public string? SecretFile { get; init; }

    public const string SecretFilePlaceholder = "{secret-file}";
}

internal enum RequestKind
{
    /// <summary>Starts a process.</summary>
    Start,

    /// <summary>Asks a process to end (SIGTERM).</summary>
    Terminate,

    /// <summary>Ends a process and all that it started.</summary>
    Kill,

    /// <summary>Deletes the secret file of a process that has read it.</summary>
    ForgetSecret,
}

/// <summary>What the watchdog reports: one JSON object a line on its standard output.</summary>
internal sealed record Report(ReportKind Kind, int Id)
{
    /// <summary>The process's id, where it started.</summary>
    public int ProcessId { get; init; }

    /// <summary>Its exit code, where it ended.</summary>
    public int ExitCode { get; init; }

    /// <summary>A line that it wrote, or why it could not be started.</summary>
    public string Text { get; init; } = "";
}

internal enum ReportKind
{
    /// <summary>The watchdog owns its process group and takes requests.</summary>
    Ready,
    Started,
    NotStarted,
    OutputLine,
    ErrorLine,
    Exited,
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(Request))]
[JsonSerializable(typeof(Report))]
internal sealed partial class MessageJson : JsonSerializerContext;

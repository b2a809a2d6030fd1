namespace WhisperMesh.Cli.Live.Sources;

/// <summary>A program that records: its name, and how it is asked for 16 kHz mono samples on its standard output.</summary>
/// <param name="Program">Its name on the PATH.</param>
/// <param name="Arguments">Its arguments for a device, or for the default one.</param>
/// <param name="DeviceVariable">Where it takes the device from a variable of the environment: that one.</param>
/// <param name="NeedsDevice">Whether it knows no default device.</param>
internal sealed record Recorder(
    string Program, Func<string?, string[]> Arguments, string? DeviceVariable = null, bool NeedsDevice = false)
{
    private static readonly Recorder Arecord = new(
        "arecord", device => ["-q", "-t", "raw", "-f", "S16_LE", "-r", "16000", "-c", "1", .. Option("-D", device)]);

    private static readonly Recorder Parec = new(
        "parec", device => ["--raw", "--format=s16le", "--rate=16000", "--channels=1", "--latency-msec=50", .. Joined("--device", device)]);

    private static readonly Recorder PwRecord = new(
        "pw-record", device => ["--raw", "--format=s16", "--rate=16000", "--channels=1", .. Joined("--target", device), "-"]);

    private static readonly Recorder Rec = new(
        "rec", _ => ["-q", "-t", "raw", "-e", "signed-integer", "-b", "16", "-L", "-r", "16000", "-c", "1", "-"], DeviceVariable: "AUDIODEV");

    /// <summary>Those to try on this system, the best first.</summary>
    internal static IReadOnlyList<Recorder> ForThisSystem =>
        OperatingSystem.IsWindows() ? [Ffmpeg("dshow", device => $"audio={device}", needsDevice: true), Rec]
        : OperatingSystem.IsMacOS() ? [Ffmpeg("avfoundation", device => $":{device ?? "default"}"), Rec]
        : [Arecord, Parec, PwRecord, Rec, Ffmpeg("pulse", device => device ?? "default"), Ffmpeg("alsa", device => device ?? "default")];

    /// <summary>What to install where there is none.</summary>
    internal static string Remedy =>
        OperatingSystem.IsWindows() ? "install ffmpeg (or SoX) and put it on the PATH"
        : OperatingSystem.IsMacOS() ? "install ffmpeg or SoX, such as by 'brew install ffmpeg'"
        : "install alsa-utils (arecord), pulseaudio-utils (parec), SoX (rec) or ffmpeg";

    private static Recorder Ffmpeg(string input, Func<string?, string> device, bool needsDevice = false) => new(
        "ffmpeg",
        name => ["-nostdin", "-loglevel", "error", "-f", input, "-i", device(name), "-ac", "1", "-ar", "16000", "-f", "s16le", "-"],
        NeedsDevice: needsDevice);

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    private static string[] Joined(string name, string? value) => value is null ? [] : [$"{name}={value}"];
}

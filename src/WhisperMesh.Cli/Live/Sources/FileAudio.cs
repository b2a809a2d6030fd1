using WhisperMesh.Cli.Hosting;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>A file as a source: WAV with plain samples is read as it is, everything else through ffmpeg.</summary>
internal static class FileAudio
{
    internal static LiveSource Create(string path, CliHost host)
    {
        if (Directory.Exists(path))
        {
            throw new IOException($"'{path}' is a folder.");
        }

        if (!File.Exists(path))
        {
            throw new IOException($"'{path}' does not exist.");
        }

        using (var file = File.OpenRead(path))
        {
            if (WavSamples.Find(file) is { } samples)
            {
                return new LiveSource(samples.Format, _ => Task.FromResult<IOpenedAudio>(new PlainAudio(samples.Open(path))), samples.Length);
            }
        }

        var ffmpeg = ProgramPath.Find("ffmpeg", host)
            ?? throw new IOException($"'{path}' is not a WAV file with plain samples; to read it, install ffmpeg and put it on the PATH.");
        string[] arguments = ["-nostdin", "-loglevel", "error", "-protocol_whitelist", "file", "-i", $"file:{path}", "-vn", "-ac", "1", "-ar", "16000", "-f", "s16le", "-"];
        return new LiveSource(SampleFormats.Speech, _ => Task.FromResult<IOpenedAudio>(ChildAudio.Start($"ffmpeg, reading '{path}',", ffmpeg, arguments)));
    }
}

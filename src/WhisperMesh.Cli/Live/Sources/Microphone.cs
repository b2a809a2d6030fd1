using WhisperMesh.Cli.Hosting;

namespace WhisperMesh.Cli.Live.Sources;

/// <summary>A microphone as a source, through the first recorder on the PATH that gives sound.</summary>
internal static class Microphone
{
    internal static LiveSource Create(string? device, CliHost host)
    {
        var found = Recorder.ForThisSystem
            .Select(recorder => (Recorder: recorder, Path: ProgramPath.Find(recorder.Program, host)))
            .Where(each => each.Path is not null)
            .ToList();
        if (found.Count == 0)
        {
            throw new IOException($"there is no program to record with: {Recorder.Remedy}; or give a file, or - for samples on standard input");
        }

        if (device is null)
        {
            found.RemoveAll(each => each.Recorder.NeedsDevice);
            if (found.Count == 0)
            {
                throw new UsageException("name the microphone with --device; 'ffmpeg -list_devices true -f dshow -i dummy' lists them");
            }
        }

        return new LiveSource(SampleFormats.Speech, token => StartAsync(found!, device, token));
    }

    private static async Task<IOpenedAudio> StartAsync(
        IEnumerable<(Recorder Recorder, string Path)> recorders, string? device, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        foreach (var (recorder, path) in recorders)
        {
            KeyValuePair<string, string>[] environment =
                recorder.DeviceVariable is { } variable && device is not null ? [new(variable, device)] : [];
            var audio = ChildAudio.Start(recorder.Program, path, recorder.Arguments(device), environment);
            try
            {
                await audio.WaitForSoundAsync(cancellationToken);
                return audio;
            }
            catch (IOException exception)
            {
                failures.Add(exception.Message);
                await audio.DisposeAsync();
            }
            catch
            {
                await audio.DisposeAsync();
                throw;
            }
        }

        throw new IOException($"no recorder gives sound. {string.Join(' ', failures)}");
    }
}

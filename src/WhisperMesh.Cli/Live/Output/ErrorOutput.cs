using WhisperMesh.Cli.Hosting;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>Tells on standard error what happens to the stream, for outputs that have no place for it. Each thing once.</summary>
internal sealed class ErrorOutput(CliHost host) : ILiveOutput
{
    private readonly HashSet<string> _said = [];

    public async ValueTask WriteAsync(StreamLiveResponse message)
    {
        foreach (var note in LiveNotes.Of(message).Where(_said.Add))
        {
            await host.Error.WriteLineAsync($"whispermesh: {note}");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

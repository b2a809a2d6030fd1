using WhisperMesh.Speech.V1;

namespace WhisperMesh.Cli.Live.Output;

/// <summary>Writes what each event comes to, if anything, and at once, so that who reads along is never behind.</summary>
/// <param name="writer">Where to; not disposed.</param>
/// <param name="format">Gives the text of an event, with its line ends; null for none.</param>
internal sealed class LineOutput(TextWriter writer, Func<StreamLiveResponse, string?> format) : ILiveOutput
{
    public async ValueTask WriteAsync(StreamLiveResponse message)
    {
        if (format(message) is { } text)
        {
            await writer.WriteAsync(text);
            await writer.FlushAsync();
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using WhisperMesh.Cli.Hosting;
using WhisperMesh.Cli.Live.Output;
using WhisperMesh.Cli.Live.Sources;
using WhisperMesh.Client;

namespace WhisperMesh.Cli.Live;

/// <summary>Streams a source to the mesh and writes down what comes back. The first Ctrl+C ends the audio and waits for the rest.</summary>
internal sealed class LiveHandler(WhisperMeshClient client, CliHost host, LiveSource source, Pace pace, IReadOnlyList<ILiveOutput> outputs)
{
    internal async Task<int> RunAsync(LiveOptions options, CancellationToken cancellationToken)
    {
        using var finish = new CancellationTokenSource();
        host.Interruption.FinishBy(finish.Cancel);
        try
        {
            var audio = source.ReadAsync(pace, finish.Token, CancellationToken.None);
            await foreach (var message in client.TranscribeLiveAsync(audio, options, cancellationToken))
            {
                if (message.Started is { } started)
                {
                    host.OnRequest(started.RequestId, "live");
                }

                foreach (var output in outputs)
                {
                    await output.WriteAsync(message);
                }
            }

            return ExitCodes.Success;
        }
        finally
        {
            foreach (var output in outputs)
            {
                await output.DisposeAsync();
            }
        }
    }
}

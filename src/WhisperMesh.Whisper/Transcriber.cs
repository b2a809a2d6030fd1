using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Audio;

namespace WhisperMesh.Whisper;

/// <summary>Speech to text. Thread-safe: one serves any number of requests, which take turns on the model window by window.</summary>
public sealed class Transcriber(WhisperModel model, SileroVad vad)
{
    /// <summary>Transcribes a stream of 16 kHz mono of any length with flat memory; segments come as their windows are done.</summary>
    /// <exception cref="WhisperException">The request can't be honoured; the message says why.</exception>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples16kMono, TranscriptionRequest request, CancellationToken cancellationToken = default)
    {
        request.Check(model);
        return RunAsync(samples16kMono, request, cancellationToken);
    }

    private async IAsyncEnumerable<TranscriptionEvent> RunAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        TranscriptionRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var run = new RunOptions();
        // A run of the encoder on a busy machine takes a while; a request given up should not keep others waiting for it.
        using var registration = cancellationToken.Register(static state => ((RunOptions)state!).Terminate = true, run);
        var job = new TranscriptionJob(model, vad, request, run);
        await foreach (var block in samples.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            foreach (var window in job.Hear(block.Span))
            {
                foreach (var happened in await job.RecognizeAsync(window, cancellationToken).ConfigureAwait(false))
                {
                    yield return happened;
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            yield return job.Progress();
            cancellationToken.ThrowIfCancellationRequested();
        }
        foreach (var window in job.HearEnd())
        {
            foreach (var happened in await job.RecognizeAsync(window, cancellationToken).ConfigureAwait(false))
            {
                yield return happened;
            }
        }
        yield return job.Complete();
    }
}

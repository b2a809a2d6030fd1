using System.Runtime.CompilerServices;
using WhisperMesh.Audio;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Live;
using WhisperMesh.Whisper.Scheduling;
using WhisperMesh.Whisper.Telemetry;

namespace WhisperMesh.Whisper;

/// <summary>Speech to text. Thread-safe: one serves any number of requests, whose windows share the model's batch.</summary>
public sealed class Transcriber(WhisperModel model, SileroVad vad)
{
    /// <summary>Transcribes a stream of 16 kHz mono of any length with flat memory; segments come as their windows are done.</summary>
    /// <exception cref="WhisperException">The request can't be honoured, or too much waits already; the message says why.</exception>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples16kMono, TranscriptionRequest request, CancellationToken cancellationToken = default)
    {
        request.Check(model);
        CheckQueue();
        return RunAsync(samples16kMono, request, cancellationToken);
    }

    /// <summary>
    /// Transcribes each channel by itself; the segments say which. Blocks hold one stretch of samples for each channel, all of a length.
    /// The language, where it is to be detected, is found for each channel.
    /// </summary>
    /// <inheritdoc cref="TranscribeAsync"/>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeChannelsAsync(
        IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> channels16k,
        TranscriptionRequest request,
        CancellationToken cancellationToken = default)
    {
        request.Check(model);
        CheckQueue();
        return new ChannelTranscription(model, vad, request).RunAsync(channels16k, cancellationToken);
    }

    /// <summary>Begins a live stream, or goes on with one: words come while they are spoken.</summary>
    /// <exception cref="WhisperException">The stream can't be had as asked, or too much waits already; the message says why.</exception>
    public ILiveTranscription Live(LiveOptions options)
    {
        options.Check(model);
        CheckQueue();
        return new LiveTranscription(model, vad, options);
    }

    /// <summary>Says which languages the speech sounds like, likeliest first; none where nobody spoke.</summary>
    /// <param name="start">The speech.</param>
    /// <param name="allowed">Codes to choose from, whose probabilities are 1 together; empty for all the model knows.</param>
    /// <param name="requestClass">How urgent it is.</param>
    /// <param name="cancellationToken">Takes it out of the batch before the next step.</param>
    /// <exception cref="WhisperException">A language is unknown, or too much waits already; the message says why.</exception>
    public async Task<IReadOnlyList<LanguageProbability>> DetectLanguageAsync(
        SpokenStart start,
        IReadOnlyList<string> allowed,
        RequestClass requestClass = RequestClass.Interactive,
        CancellationToken cancellationToken = default)
    {
        new TranscriptionRequest { AllowedLanguages = allowed }.Check(model);
        if (start.Window is not { } window)
        {
            return [];
        }
        CheckQueue();
        var program = new ListenProgram(model.Control, allowed);
        using var span = RequestTrace.Join()?.StartWindow(window);
        using var audio = new WindowAudio(model, window, requestClass, new RequestClock(), span: span);
        await audio.RunAsync(program, full: false, cancellationToken).ConfigureAwait(false);
        return program.Heard;
    }

    private void CheckQueue()
    {
        if (model.Scheduler.QueuedAudio >= model.Options.QueueLimit)
        {
            throw new WhisperException(
                WhisperErrorReason.Overloaded,
                $"The model '{model.Name}' has {model.Scheduler.QueuedAudio.TotalMinutes:F0} minutes of audio to work on; try again later.");
        }
    }

    private async IAsyncEnumerable<TranscriptionEvent> RunAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        TranscriptionRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whoever stops listening in the middle gives the rest up.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var job = new TranscriptionJob(model, vad, request, channel: null, stop.Token);
        var blocks = new BlockReader<ReadOnlyMemory<float>>(samples, stop.Token);
        try
        {
            while (true)
            {
                // Audio may come slowly: what is done meanwhile is told at once.
                var heard = !await blocks.IsNextFirstAsync(job.NextDone).ConfigureAwait(false)
                    ? await job.TakeDoneAsync().ConfigureAwait(false)
                    : await blocks.MoveNextAsync().ConfigureAwait(false)
                        ? await job.HearAsync(blocks.Current).ConfigureAwait(false)
                        : null;
                if (heard is null)
                {
                    break;
                }
                foreach (var happened in heard)
                {
                    yield return happened;
                    cancellationToken.ThrowIfCancellationRequested();
                }
                yield return job.Progress();
                cancellationToken.ThrowIfCancellationRequested();
            }
            foreach (var happened in await job.HearEndAsync().ConfigureAwait(false))
            {
                yield return happened;
                cancellationToken.ThrowIfCancellationRequested();
            }
            yield return job.Complete();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await job.EndAsync().ConfigureAwait(false);
            await blocks.DisposeAsync().ConfigureAwait(false);
        }
    }
}

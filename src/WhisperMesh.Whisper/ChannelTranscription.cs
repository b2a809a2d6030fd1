using System.Runtime.CompilerServices;
using WhisperMesh.Audio;

namespace WhisperMesh.Whisper;

/// <summary>One request whose channels are transcribed each by itself, side by side in the batch.</summary>
internal sealed class ChannelTranscription(WhisperModel model, SileroVad vad, TranscriptionRequest request)
{
    private readonly List<TranscriptionJob> _jobs = [];
    private readonly ChannelMerge _merge = new();

    public async IAsyncEnumerable<TranscriptionEvent> RunAsync(
        IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<float>>> blocks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reader = new BlockReader<IReadOnlyList<ReadOnlyMemory<float>>>(blocks, stop.Token);
        try
        {
            while (await HearNextAsync(reader, stop.Token).ConfigureAwait(false))
            {
                var progress = Progress();
                foreach (var happened in _merge.TakeBefore(progress.Processed))
                {
                    yield return happened;
                    cancellationToken.ThrowIfCancellationRequested();
                }
                yield return progress;
                cancellationToken.ThrowIfCancellationRequested();
            }
            // All ends are under way before the first is waited for.
            foreach (var ends in await Task.WhenAll(_jobs.Select(job => job.HearEndAsync())).ConfigureAwait(false))
            {
                _merge.Add(ends);
            }
            foreach (var happened in _merge.TakeBefore(TimeSpan.MaxValue))
            {
                yield return happened;
                cancellationToken.ThrowIfCancellationRequested();
            }
            yield return Complete();
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (var job in _jobs)
            {
                await job.EndAsync().ConfigureAwait(false);
            }
            await reader.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes in the next block, or what is done before one comes; gives whether there was any.</summary>
    private async Task<bool> HearNextAsync(BlockReader<IReadOnlyList<ReadOnlyMemory<float>>> reader, CancellationToken cancellationToken)
    {
        Task[] done = [.. _jobs.Select(job => job.NextDone).OfType<Task>()];
        if (!await reader.IsNextFirstAsync(done.Length == 0 ? null : Task.WhenAny(done)).ConfigureAwait(false))
        {
            foreach (var job in _jobs)
            {
                _merge.Add(await job.TakeDoneAsync().ConfigureAwait(false));
            }
            return true;
        }
        if (!await reader.MoveNextAsync().ConfigureAwait(false))
        {
            return false;
        }
        var block = reader.Current;
        while (_jobs.Count < block.Count)
        {
            _jobs.Add(new TranscriptionJob(model, vad, request, _jobs.Count, cancellationToken));
        }
        for (var channel = 0; channel < _jobs.Count; channel++)
        {
            _merge.Add(await _jobs[channel].HearAsync(block[channel]).ConfigureAwait(false));
        }
        return true;
    }

    private Progressed Progress()
    {
        var all = _jobs.ConvertAll(job => job.Progress());
        return new Progressed(all.Max(job => job.Received), all.Min(job => job.Processed));
    }

    private Completed Complete()
    {
        var all = _jobs.ConvertAll(job => job.Complete());
        TimeSpan Sum(Func<TranscriptionTimings, TimeSpan> part) => new(all.Sum(job => part(job.Timings).Ticks));
        return new Completed(
            all.Count == 0 ? TimeSpan.Zero : all.Max(job => job.AudioDuration),
            new TimeSpan(all.Sum(job => job.SpeechDuration.Ticks)),
            all.Find(job => job.Language is not null)?.Language ?? request.Language,
            new TranscriptionTimings(
                all.Count == 0 ? TimeSpan.Zero : all.Max(job => job.Timings.Total),
                Sum(timings => timings.VoiceActivity),
                Sum(timings => timings.Queued),
                Sum(timings => timings.Features),
                Sum(timings => timings.Encoding),
                Sum(timings => timings.Decoding))
            {
                Prefill = Sum(timings => timings.Prefill),
                LanguageDetection = Sum(timings => timings.LanguageDetection),
                Alignment = Sum(timings => timings.Alignment),
            })
        {
            Work = RecognitionWork.Sum(all.ConvertAll(job => job.Work)),
            Warnings = [.. all.SelectMany(job => job.Warnings).Distinct()],
        };
    }
}

using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Testing;

namespace WhisperMesh.IntegrationTests.Tests;

/// <summary>Twenty files at once on two workers.</summary>
[Collection(StandardMesh.Collection)]
public sealed class ConcurrencyTests(StandardMesh standard)
{
    private const int Files = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcribe_TwentyAtOnce_AllRightAndNoneMixed()
    {
        var transcripts = await Task.WhenAll(Batch().Select(async recording =>
        {
            await using var audio = File.OpenRead(recording.Path);
            return await standard.Mesh.Client
                .TranscribeAsync(audio, new() { LanguageCode = recording.Language }, Token)
                .ToTranscriptAsync(cancellationToken: Token);
        }));

        ShouldMatch(transcripts.Select(transcript => transcript.Text));
        transcripts.Select(transcript => transcript.Summary.WorkerId).Distinct().Count().ShouldBe(2, "both workers take part");
    }

    [Fact]
    public async Task Transcribe_TwentyAtOnceAndAWorkerKilled_AllRight()
    {
        var worker = standard.Mesh.Transcription[0];
        var firstDone = new TaskCompletionSource();
        var texts = Batch().Select(async recording =>
        {
            var audio = await File.ReadAllBytesAsync(recording.Path, Token);
            var text = await standard.Mesh.TextOfAsync(audio, recording.File, recording.Language);
            firstDone.TrySetResult();
            return text;
        }).ToList();

        // One is done, so both are at work.
        await Task.WhenAny(firstDone.Task, Task.WhenAll(texts));
        await worker.Process.KillAsync();

        try
        {
            ShouldMatch(await Task.WhenAll(texts));
        }
        finally
        {
            await standard.Mesh.ReplaceAsync(worker);
        }
    }

    /// <summary>The recordings of all languages by turns, so that neighbours differ.</summary>
    private static IEnumerable<Recording> Batch() => Recordings.All
        .GroupBy(recording => recording.Language)
        .SelectMany(group => group.Take(Files / 5).Select((recording, index) => (recording, index)))
        .OrderBy(pair => pair.index)
        .Select(pair => pair.recording);

    private static void ShouldMatch(IEnumerable<string> texts)
    {
        var batch = Batch().ToList();
        batch.Count.ShouldBe(Files);
        foreach (var (recording, text) in batch.Zip(texts))
        {
            // The model errs on some words; another file's text would be wrong in nearly all.
            var nearest = Recordings.All.MinBy(other => (double)WordErrorRate.Errors(other.Text, text) / WordErrorRate.Words(other.Text).Length);
            nearest.ShouldBe(recording, $"heard '{text}'");
        }
    }
}

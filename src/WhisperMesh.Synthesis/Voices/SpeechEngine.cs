using System.Runtime.CompilerServices;
using System.Threading.Channels;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Synthesis.Sherpa;
using WhisperMesh.Synthesis.Telemetry;
using WhisperMesh.Synthesis.Text;

namespace WhisperMesh.Synthesis.Voices;

/// <summary>Speaks texts of any length, piece by piece: what is made goes out while the next piece is being made.</summary>
internal sealed class SpeechEngine(SherpaTts voice)
{
    // Spoken in some five seconds and made in one on two processors: what a caller waits for at most before it hears something,
    // and what is made at most after it has gone.
    private const int MaxPieceLength = 100;

    // Slow speech takes as much longer to make as to hear.
    private const int MinPieceLength = 30;

    // A sign that the voice has no name for gives a soft click of less than a tenth of a second; the shortest word is longer,
    // and several times as loud.
    private const double ShortestWordSeconds = 0.2;
    private const float QuietestWord = 0.1f;

    public int SampleRateHz => voice.SampleRateHz;

    /// <summary>Speaks a text. Blocks come in order; a text with nothing to hear gives none.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<float>> SpeakAsync(
        string text, float speed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One block ahead: a caller that reads slowly stops the voice, not fills the memory.
        var blocks = Channel.CreateBounded<float[]>(1);
        var making = MakeAsync(text, speed, blocks.Writer, stop.Token);
        try
        {
            await foreach (var block in blocks.Reader.ReadAllAsync(cancellationToken))
            {
                yield return block;
            }
        }
        finally
        {
            // The place of this request is free only when its native call has returned.
            await stop.CancelAsync();
            await making;
        }
    }

    private async Task MakeAsync(string text, float speed, ChannelWriter<float[]> blocks, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var rest = TimeSpan.Zero;
            var count = 0;
            foreach (var piece in SentenceSplitter.Split(SpeakableText.Clean(text), PieceLength(speed)))
            {
                var samples = SpeakableText.HasSound(piece.Text) ? await SpeakPieceAsync(piece.Text, count++, speed, cancellationToken) : [];
                if (IsHeard(samples))
                {
                    await blocks.WriteAsync(WithSilenceBefore(samples, rest), cancellationToken);
                    rest = Pauses.After(piece.End, speed);
                }
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        blocks.Complete(failure);
    }

    // Long-running, so on a thread of its own: a native call must not hold one of the pool.
    private Task<float[]> SpeakPieceAsync(string text, int index, float speed, CancellationToken cancellationToken) => Task.Factory.StartNew(
        () =>
        {
            using var activity = index < SynthesisTelemetry.MostPieces
                ? SynthesisTelemetry.Source.StartActivity(TelemetryNames.Spans.Piece)
                : null;
            var made = new List<float>();
            voice.Speak(text, speed, samples =>
            {
                made.AddRange(samples);
                return !cancellationToken.IsCancellationRequested;
            });
            cancellationToken.ThrowIfCancellationRequested();
            activity?.SetTag(TelemetryNames.Attributes.PieceIndex, index)
                .SetTag(TelemetryNames.Attributes.Characters, text.Length)
                .SetTag(TelemetryNames.Attributes.AudioSeconds, (double)made.Count / SampleRateHz);
            return made.ToArray();
        },
        cancellationToken,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private bool IsHeard(float[] samples) =>
        samples.Length > ShortestWordSeconds * SampleRateHz || samples.Any(sample => Math.Abs(sample) > QuietestWord);

    private static int PieceLength(float speed) => Math.Clamp((int)(MaxPieceLength * speed), MinPieceLength, MaxPieceLength);

    private float[] WithSilenceBefore(float[] samples, TimeSpan rest) =>
        rest == TimeSpan.Zero ? samples : [.. new float[(int)(rest.TotalSeconds * SampleRateHz)], .. samples];
}

using System.Diagnostics;
using Grpc.Core;
using WhisperMesh.Speech.V1;
using WhisperMesh.Synthesis.Telemetry;
using Event = WhisperMesh.Speech.V1.SynthesizeResponse.EventOneofCase;

namespace WhisperMesh.Synthesis.Tests.Worker;

[Collection(typeof(SharedWorker))]
public sealed class SpeechTests(RunningWorker worker)
{
    private const string Sentence = "The quick brown fox jumps over the lazy dog, and nobody is surprised.";
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Synthesize_Sentence_IsAudibleSpeechOfPlausibleLength()
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = Sentence });

        var samples = await spoken.DecodeAsync();
        (samples.Length / 16_000.0).ShouldBeInRange(2.5, 7);
        Math.Sqrt(samples.Average(sample => (double)sample * sample)).ShouldBeInRange(0.02, 0.4);
        samples.Max(Math.Abs).ShouldBeGreaterThan(0.1f);
    }

    [Fact]
    public async Task Synthesize_Sentence_IsStartedThenAudioThenSummary()
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest
        {
            Text = "Good morning. How are you?",
            Model = "tts-1",
            Voice = "alloy",
            RequestId = "my-request_1.a",
            Attempt = 2,
        });

        var cases = spoken.Events.Select(e => e.EventCase).ToArray();
        cases[0].ShouldBe(Event.Started);
        cases[^1].ShouldBe(Event.Summary);
        cases[1..^1].ShouldNotBeEmpty();
        cases[1..^1].ShouldAllBe(kind => kind == Event.Audio);
        spoken.Events.ShouldAllBe(e => e.Audio.Length <= 65_536);
        spoken.Started.RequestId.ShouldBe("my-request_1.a");
        spoken.Started.Model.ShouldBe("piper-en_US-joe-medium");
        spoken.Started.Voice.ShouldBe("joe");
        spoken.Started.WorkerId.ShouldStartWith("synthesis-");
        var summary = spoken.Summary;
        summary.RequestId.ShouldBe("my-request_1.a");
        summary.Attempt.ShouldBe(2);
        summary.WorkerId.ShouldBe(spoken.Started.WorkerId);
        summary.Model.ShouldBe(spoken.Started.Model);
        summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBe((await spoken.DecodedDurationAsync()).TotalSeconds, 0.01);
        summary.TimeToFirstAudio.ToTimeSpan().ShouldBeGreaterThan(TimeSpan.Zero);
        summary.Total.ToTimeSpan().ShouldBeGreaterThan(summary.TimeToFirstAudio.ToTimeSpan());
        summary.Queued.ToTimeSpan().ShouldBeLessThan(summary.TimeToFirstAudio.ToTimeSpan());
    }

    [Fact]
    public async Task Synthesize_NoRequestId_MakesOne()
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = "Yes." });

        spoken.Started.RequestId.ShouldNotBeEmpty();
        spoken.Summary.RequestId.ShouldBe(spoken.Started.RequestId);
        spoken.Summary.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Synthesize_ManySentences_GivesAudioBeforeTheLastIsMade()
    {
        // The voice is held before the last piece until the caller has sound: if all came at the end, neither would go on.
        const int Pieces = 4;
        using var heard = new ManualResetEventSlim();
        var begun = 0;
        var heardInTime = false;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SynthesisTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span =>
            {
                if (span.OperationName == "synthesize piece" && Interlocked.Increment(ref begun) == Pieces)
                {
                    heardInTime = heard.Wait(Bound);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var cancellationToken = TestContext.Current.CancellationToken;

        var text = string.Join(' ', Enumerable.Repeat("This is a sentence.", Pieces));
        using var call = worker.Speech.Synthesize(new SynthesizeRequest { Text = text }, cancellationToken: cancellationToken);
        var bytes = 0;
        await foreach (var e in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            bytes += e.Audio.Length;
            if (bytes > 1000)
            {
                heard.Set();
            }
        }

        begun.ShouldBe(Pieces);
        heardInTime.ShouldBeTrue();
    }

    [Fact]
    public async Task Synthesize_Speed_ChangesTheDurationByAboutItsFactor()
    {
        var slow = await SecondsAsync(0.5f);
        var normal = await SecondsAsync(1);
        var fast = await SecondsAsync(2);

        // Not 2 and 0.5: the voice makes at least one whole frame of each sound, and of the blank after it, at any speed.
        (slow / normal).ShouldBeInRange(1.5, 2.2);
        (fast / normal).ShouldBeInRange(0.45, 0.75);
    }

    [Theory]
    [InlineData("1, 2, 3", 0.7, 4)]
    [InlineData("Dr. Smith lives on St. James St. in London.", 1.8, 7)]
    [InlineData("Well... perhaps.", 0.7, 4)]
    [InlineData("\"Stop!\" he said. “Why?” she asked.", 1.2, 6)]
    [InlineData("See https://www.example.org/a?b=1 for more.", 2, 12)]
    [InlineData("It costs $1,234.56 on 3/4/2025 at 10:30.", 3, 14)]
    [InlineData("5 > 3 & 2 < 4", 1, 8)]
    [InlineData("Zażółć 東京 😀 done", 0.6, 15)]
    [InlineData("One.\r\n\r\nTwo.\tThree.\0Four.", 1, 8)]
    [InlineData("%", 0.3, 3)]
    [InlineData("*", 0.3, 3)]
    [InlineData("°", 0.3, 3)]
    public async Task Synthesize_OddText_IsSpokenInPlausibleTime(string text, double least, double most)
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = text });

        var samples = await spoken.DecodeAsync();
        (samples.Length / 16_000.0).ShouldBeInRange(least, most);
        samples.Max(Math.Abs).ShouldBeGreaterThan(0.05f);
    }

    [Fact]
    public async Task Synthesize_LongTextWithoutSpaces_IsSpokenToTheEnd()
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = string.Concat(Enumerable.Repeat("banana", 70)), Speed = 4 });

        spoken.Summary.AudioDuration.ToTimeSpan().TotalSeconds.ShouldBeInRange(4, 60);
    }

    private async Task<double> SecondsAsync(float speed)
    {
        var spoken = await Spoken.ReadAsync(worker, new SynthesizeRequest { Text = Sentence, Speed = speed });
        return (await spoken.DecodedDurationAsync()).TotalSeconds;
    }
}

using System.Text.Json;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model.Attention;
using WhisperMesh.Whisper.Scheduling;

namespace WhisperMesh.Whisper.Tests.Decoding;

/// <summary>Holds the way through the batch against a second implementation, token by token.</summary>
public sealed class GoldenDecodingTests(ModelFixture fixture)
{
    private const int Frames = 1000;
    private readonly WhisperModel _model = fixture.Model;

    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-vm-newuser")]
    public async Task RunAsync_GoldenPrompt_GivesTheSameTokensAndProbabilities(string name)
    {
        var golden = Golden(name);
        int[] prompt = [.. golden.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32())];
        var program = new PlainProgram(prompt, _model);
        using var job = new WindowJob(RequestClass.Interactive, program, 10)
        {
            Mel = ModelFixture.Mel(Repository.Named(name).Samples(), Frames),
            Frames = Frames,
        };

        await _model.Scheduler.RunAsync(job, TestContext.Current.CancellationToken);
        job.Audio!.Dispose();

        var text = program.Search!.Result;
        text.Tokens.ShouldBe(golden.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32()));
        text.EndedByModel.ShouldBeTrue();
        _model.Tokenizer.Decode([.. text.Tokens]).ShouldBe(golden.GetProperty("text").GetString());
        program.NoSpeech.ShouldBe(golden.GetProperty("no_speech_probability").GetSingle(), 0.02f);
        var top = golden.GetProperty("language_probabilities_top3").EnumerateArray().ToArray();
        program.Heard[0].Language.ShouldBe(top[0][0].GetString());
        foreach (var expected in top)
        {
            program.Heard.Single(heard => heard.Language == expected[0].GetString()).Probability
                .ShouldBe(expected[1].GetSingle(), 0.02f);
        }
    }

    private static JsonElement Golden(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.Golden("whisper-base.json")));
        return document.RootElement.GetProperty(name).Clone();
    }

    /// <summary>Greedy and without timestamps, as the golden values were made.</summary>
    private sealed class PlainProgram(int[] prompt, WhisperModel model) : RowProgram
    {
        public IDecodingSearch? Search { get; private set; }

        public float NoSpeech { get; private set; }

        public IReadOnlyList<LanguageProbability> Heard { get; private set; } = [];

        public override Reading Begin(CrossMemory audio) => new(prompt, [0, prompt.Length - 1]);

        public override Reading? Advance(LogitRows logits, List<RowStep> next)
        {
            if (Search is null)
            {
                NoSpeech = Logits.Probability(logits[0], model.Control.NoSpeech);
                Heard = LanguageDetector.Probabilities(logits[0], model.Control);
                Search = DecodingSearches.Create(
                    new DecodingTask(prompt, StartOfTranscript: 0, Frames / 2, MaxTokens: 224, Timestamps: false), model.Control);
                logits = logits.From(1);
            }
            Search.Advance(logits, next);
            return null;
        }
    }
}

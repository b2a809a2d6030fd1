using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Whisper.Decoding;
using WhisperMesh.Whisper.Model;

namespace WhisperMesh.Whisper.Tests.Decoding;

/// <summary>Holds encoder and decoder against a second implementation, step by step.</summary>
public sealed class GoldenDecodingTests(ModelFixture fixture)
{
    private const int Frames = 1000;
    private readonly WhisperModel _model = fixture.Model;

    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-vm-newuser")]
    public void Encode_GoldenMel_AgreesInTheFirstValues(string name)
    {
        var mel = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Repository.Golden(name + ".mel.f32"))).ToArray();
        using var run = new RunOptions();
        using var window = _model.Encoder.Encode(mel, Frames, run);

        var values = window.KeysAndValues[0].GetTensorDataAsSpan<float>()[..8].ToArray();
        var golden = Golden(name).GetProperty("cross_k.0[0,0,0,:8]").EnumerateArray().Select(v => v.GetSingle()).ToArray();
        values.Zip(golden, (value, expected) => Math.Abs(value - expected)).Max().ShouldBeLessThan(0.05f);
    }

    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-vm-newuser")]
    public void Start_Recording_AgreesInLanguageProbabilities(string name)
    {
        using var run = new RunOptions();
        using var window = fixture.Encode(Repository.Named(name).Samples(), Frames);

        var logits = new SequenceDecoder(_model.Decoder, _model.Control).Start(window, run);

        var found = LanguageDetector.Probabilities(logits, _model.Control);
        var golden = Golden(name).GetProperty("language_probabilities_top3").EnumerateArray().ToArray();
        found[0].Language.ShouldBe(golden[0][0].GetString());
        foreach (var expected in golden)
        {
            var language = found.Single(l => l.Language == expected[0].GetString());
            language.Probability.ShouldBe(expected[1].GetSingle(), 0.02f);
        }
    }

    [Theory]
    [InlineData("en-sorry")]
    [InlineData("it-vm-newuser")]
    public void Decode_Recording_GivesTheSameTokens(string name)
    {
        var golden = Golden(name);
        int[] prompt = [.. golden.GetProperty("prompt").EnumerateArray().Select(t => t.GetInt32())];
        using var run = new RunOptions();
        using EncodedWindow window = fixture.Encode(Repository.Named(name).Samples(), Frames);

        var text = new SequenceDecoder(_model.Decoder, _model.Control).Decode(
            window,
            new DecodingTask(prompt, StartOfTranscript: 0, window.Positions, MaxTokens: 224, Timestamps: false),
            run,
            TestContext.Current.CancellationToken);

        text.Tokens.ShouldBe(golden.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32()));
        text.EndedByModel.ShouldBeTrue();
        text.NoSpeechProbability.ShouldBe(golden.GetProperty("no_speech_probability").GetSingle(), 0.02f);
        _model.Tokenizer.Decode([.. text.Tokens]).ShouldBe(golden.GetProperty("text").GetString());
    }

    private static JsonElement Golden(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Repository.Golden("whisper-base.json")));
        return document.RootElement.GetProperty(name).Clone();
    }
}

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.OnnxRuntime;
using WhisperMesh.Audio.Vad;

namespace WhisperMesh.Audio.Tests.Vad;

/// <summary>The network beside the run of its own file by ONNX Runtime, and on files that are damaged.</summary>
public sealed class SileroNetworkTests
{
    private const float Tolerance = 1e-4f;

    private static readonly byte[] ModelFile = File.ReadAllBytes(AudioFixtures.VadPath);
    private static readonly SileroNetwork Network = new(new OnnxGraph(ModelFile));

    public static TheoryData<string> Recordings => [.. AudioFixtures.SpeechNames];

    [Theory]
    [MemberData(nameof(Recordings))]
    public async Task Run_Recording_GivesWhatOnnxRuntimeGives(string name) => Compare(await AudioFixtures.SpeechAsync(name));

    [Fact]
    public void Run_Sounds_GiveWhatOnnxRuntimeGives()
    {
        var random = new Random(7);

        Compare(new float[40_000]);
        Compare([.. Enumerable.Range(0, 40_000).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)]);
        Compare([.. Enumerable.Range(0, 40_000).Select(_ => (random.NextSingle() - 0.5f) * 100)]);
        Compare(AudioFixtures.Tone(440, 16_000, 40_000));
        Compare([.. Enumerable.Repeat(0.5f, 40_000)]);
    }

    [Fact]
    public async Task Run_AnySplit_ChangesNoBit()
    {
        var samples = await AudioFixtures.SpeechAsync("ru-vm-whichbox.wav");
        var whole = Run(samples, SileroNetwork.BatchSize);

        Prop.ForAll(
            Gen.Choose(1, SileroNetwork.BatchSize).NonEmptyListOf().ToArbitrary(), batches => Run(samples, [.. batches]).SequenceEqual(whole))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void Load_CutFile_IsInvalidData()
    {
        for (var length = 0; length < ModelFile.Length; length += 997)
        {
            Should.Throw<InvalidDataException>(() => new SileroNetwork(new OnnxGraph(ModelFile.AsSpan(0, length))));
        }
    }

    [Fact]
    public void Load_ChangedFile_IsInvalidDataOrANetwork()
    {
        // Changes near the start hit the graph's nodes, whose names and counts decide what is read.
        var changes = from at in Gen.OneOf(Gen.Choose(0, 12_000), Gen.Choose(0, ModelFile.Length - 1))
                      from value in Gen.Choose(0, 255)
                      select (at, (byte)value);

        Prop.ForAll(changes.NonEmptyListOf().ToArbitrary(), made =>
        {
            var changed = (byte[])ModelFile.Clone();
            foreach (var (at, value) in made)
            {
                changed[at] = value;
            }

            try
            {
                return new SileroNetwork(new OnnxGraph(changed)) is not null;
            }
            catch (InvalidDataException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static void Compare(float[] samples)
    {
        var expected = RunOnnx(samples);

        var probabilities = Run(samples, SileroNetwork.BatchSize);

        probabilities.Length.ShouldBe(expected.Length);
        probabilities.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < Tolerance);
    }

    private static float[] Run(float[] samples, params int[] batches)
    {
        var scratch = new SileroScratch();
        var hidden = new float[SileroVad.StateLength];
        var cell = new float[SileroVad.StateLength];
        float[] rows = [.. new float[SileroVad.ContextLength], .. samples];
        var probabilities = new float[samples.Length / SileroVad.ChunkLength];
        for (int at = 0, batch = 0; at < probabilities.Length; batch++)
        {
            var count = Math.Min(batches[batch % batches.Length], probabilities.Length - at);
            Network.Run(
                rows.AsSpan(at * SileroVad.ChunkLength, SileroVad.ContextLength + (count * SileroVad.ChunkLength)),
                hidden, cell, probabilities.AsSpan(at, count), scratch);
            at += count;
        }

        return probabilities;
    }

    private static float[] RunOnnx(float[] samples)
    {
        using var session = new InferenceSession(ModelFile);
        using var options = new RunOptions();
        var count = samples.Length / SileroVad.ChunkLength;
        float[] padded = [.. new float[SileroVad.ContextLength], .. samples];
        float[] rows = [.. Enumerable.Range(0, count)
            .SelectMany(chunk => padded.Skip(chunk * SileroVad.ChunkLength).Take(SileroVad.RowLength))];
        using var input = OrtValue.CreateTensorValueFromMemory(rows, [count, SileroVad.RowLength]);
        using var hidden = OrtValue.CreateTensorValueFromMemory(new float[SileroVad.StateLength], [1, 1, SileroVad.StateLength]);
        using var cell = OrtValue.CreateTensorValueFromMemory(new float[SileroVad.StateLength], [1, 1, SileroVad.StateLength]);
        using var outputs = session.Run(options, ["input", "h", "c"], [input, hidden, cell], ["speech_probs"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }
}

using WhisperMesh.Audio;
using WhisperMesh.Whisper.Features;

[assembly: AssemblyFixture(typeof(WhisperMesh.Whisper.Tests.ModelFixture))]

namespace WhisperMesh.Whisper.Tests;

/// <summary>The bundled model, loaded once for all tests: it is thread-safe, as the tests also show.</summary>
public sealed class ModelFixture : IDisposable
{
    public WhisperModel Model { get; } = WhisperModel.Load(Repository.WhisperBase, new WhisperModelOptions());

    public ModelFixture() => Recordings = new DecodedRecordings(this);

    public SileroVad Vad { get; } = new(Path.Combine(Repository.Models, "silero-vad", "silero_vad.onnx"));

    internal DecodedRecordings Recordings { get; }

    internal static float[] Mel(ReadOnlySpan<float> samples, int frames)
    {
        var mel = new float[MelFilters.Count * frames];
        new LogMel().Compute(samples, frames, mel);
        return mel;
    }

    public void Dispose()
    {
        Model.Dispose();
        Vad.Dispose();
    }
}

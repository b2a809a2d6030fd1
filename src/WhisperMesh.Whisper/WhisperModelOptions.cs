namespace WhisperMesh.Whisper;

/// <summary>How a model is loaded.</summary>
public sealed class WhisperModelOptions
{
    /// <summary><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>. The shipped graphs use kernels that only the CPU has.</summary>
    public string Device { get; init; } = "auto";

    /// <summary>Threads of one run; 0 for as many as the machine has physical cores.</summary>
    public int Threads { get; init; }

    /// <summary>The name the model goes by; null for the name of its folder.</summary>
    public string? Name { get; init; }
}

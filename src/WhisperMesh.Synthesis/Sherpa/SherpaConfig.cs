using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WhisperMesh.Synthesis.Sherpa;

// Layouts of sherpa-onnx 1.13.8 (c-api.h), checked against what the library's own code reads; SherpaLayoutTests holds them.
// A null pointer or a zero takes the library's default.

/// <summary>SherpaOnnxOfflineTtsVitsModelConfig.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SherpaVitsConfig
{
    public nint Model;
    public nint Lexicon;
    public nint Tokens;
    public nint DataDir;
    public float NoiseScale;
    public float NoiseScaleW;

    // Overridden by the speed of each request, save speed 1.
    public float LengthScale;
    public nint DictDir;
}

/// <summary>The model families that are not used here: matcha, kokoro, kitten, zipvoice, pocket, supertonic.</summary>
[InlineArray(43)]
internal struct SherpaOtherFamilies
{
    private nint _element;
}

/// <summary>SherpaOnnxOfflineTtsConfig, with SherpaOnnxOfflineTtsModelConfig in its place.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SherpaTtsConfig
{
    public SherpaVitsConfig Vits;
    public int NumThreads;
    public int Debug;
    public nint Provider;
    public SherpaOtherFamilies OtherFamilies;
    public nint RuleFsts;
    public int MaxNumSentences;
    public nint RuleFars;
    public float SilenceScale;
}

/// <summary>SherpaOnnxGenerationConfig.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SherpaGenerationConfig
{
    public float SilenceScale;
    public float Speed;
    public int SpeakerId;
    public nint ReferenceAudio;
    public int ReferenceAudioLength;
    public int ReferenceSampleRate;
    public nint ReferenceText;
    public int NumSteps;
    public nint Extra;
}

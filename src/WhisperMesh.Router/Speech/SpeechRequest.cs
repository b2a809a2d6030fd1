using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Speech;

/// <summary>A request to speak, checked.</summary>
internal sealed record SpeechRequest(SynthesizeRequest Synthesis, SpeechFormat Format, bool AsEvents);

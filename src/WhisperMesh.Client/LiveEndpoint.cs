using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

/// <summary>A router that live streams can be had at.</summary>
internal sealed record LiveEndpoint(Uri Address, LiveTranscriptionService.LiveTranscriptionServiceClient Client);

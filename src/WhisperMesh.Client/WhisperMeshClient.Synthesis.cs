using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Core;
using WhisperMesh.ServiceDefaults.Telemetry;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Client;

public sealed partial class WhisperMeshClient
{
    /// <summary>Speaks a text: what began, then the bytes of the audio as they are made, then the summary.</summary>
    /// <exception cref="WhisperMeshException">The mesh refused the text or failed on it.</exception>
    public async IAsyncEnumerable<SynthesizeResponse> SynthesizeAsync(
        SynthesizeRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var activity = ClientTelemetry.Start(TelemetryNames.Spans.ClientSynthesize);
        using var call = _synthesis.Synthesize(request, cancellationToken: cancellationToken);
        while (await NextAsync(call.ResponseStream, activity, cancellationToken).ConfigureAwait(false) is { } response)
        {
            yield return response;
        }
    }

    /// <summary>Speaks a text into a stream, such as a file, and returns what it came to.</summary>
    /// <exception cref="WhisperMeshException">The mesh refused the text or failed on it.</exception>
    public async Task<SynthesisSummary> SynthesizeToAsync(
        SynthesizeRequest request,
        Stream destination,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        SynthesisSummary? summary = null;
        await foreach (var response in SynthesizeAsync(request, cancellationToken).ConfigureAwait(false))
        {
            if (response.EventCase == SynthesizeResponse.EventOneofCase.Audio)
            {
                await destination.WriteAsync(response.Audio.Memory, cancellationToken).ConfigureAwait(false);
            }

            summary = response.Summary ?? summary;
        }

        return summary ?? throw WhisperMeshException.Broken("The mesh ended the speech without its summary.");
    }

    private async Task<SynthesizeResponse?> NextAsync(
        IAsyncStreamReader<SynthesizeResponse> responses,
        Activity? activity,
        CancellationToken cancellationToken)
    {
        try
        {
            return await responses.MoveNext(CancellationToken.None).ConfigureAwait(false) ? responses.Current : null;
        }
        catch (RpcException exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Translate(exception, activity, cancellationToken);
        }
    }
}

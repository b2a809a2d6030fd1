using System.Text.Json.Serialization;
using WhisperMesh.Router.Relay;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Upstreams;

/// <summary>Has an upstream speak a text and passes its audio on while it comes.</summary>
internal sealed class UpstreamSpeaker(UpstreamClient client, UpstreamGates gates, TimeProvider time)
{
    private const long MaxAnswerBytes = 256L << 20;

    public async Task RunAsync(
        UpstreamTask task, SynthesizeRequest request, IRelaySink<SynthesizeResponse> sink, CancellationToken cancellationToken)
    {
        var output = UpstreamSpeech.FormatOf(task, request.AudioFormat);
        var voice = UpstreamSpeech.VoiceOf(task, request.Voice);
        using var place = gates.Of(task.Upstream).Enter(task.Upstream);
        using var content = JsonContent.Create(
            new UpstreamSpeechRequest(task.Model.Id, request.Text, voice, output.Name, request.HasSpeed ? request.Speed : null),
            UpstreamJson.Default.UpstreamSpeechRequest);

        // Some servers read no body that comes in chunks.
        await content.LoadIntoBufferAsync(cancellationToken);
        var begun = time.GetTimestamp();
        await client.CallAsync(
            task.Upstream,
            "audio/speech",
            content,
            task.Deadline,
            async (response, token) =>
            {
                await using var body = new CappedStream(task.Upstream, await response.Content.ReadAsStreamAsync(token), MaxAnswerBytes);
                await new UpstreamSpeech(task, request, output, voice).RelayAsync(body, sink, () => time.GetElapsedTime(begun), token);
            },
            cancellationToken);
    }
}

internal sealed record UpstreamSpeechRequest(
    string Model,
    string Input,
    string Voice,
    string ResponseFormat,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Speed);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UpstreamSpeechRequest))]
internal sealed partial class UpstreamJson : JsonSerializerContext;

using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Nvidia.Riva.Asr;
using WhisperMesh.Router.Explain;
using WhisperMesh.Router.Grpc;
using WhisperMesh.Router.Http;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Models;
using WhisperMesh.Router.Relay;
using WhisperMesh.Router.Requests;
using WhisperMesh.Router.Spool;
using WhisperMesh.Router.Transcriptions;
using WhisperMesh.Router.Workers;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Riva;

/// <summary>Speech recognition for clients of NVIDIA Riva.</summary>
internal sealed class RivaGrpcService(
    ILiveSessions sessions, ITranscriptionStage pipeline, AudioSpool spool, ModelCatalog catalog, IOptions<RouterOptions> options)
    : RivaSpeechRecognition.RivaSpeechRecognitionBase
{
    // What a message of a live session may carry.
    private const int MaxAudioBytes = 65_536;

    [Explained(Operations.Live)]
    public override async Task StreamingRecognize(
        IAsyncStreamReader<StreamingRecognizeRequest> requestStream,
        IServerStreamWriter<StreamingRecognizeResponse> responseStream,
        ServerCallContext context)
    {
        try
        {
            if (!await requestStream.MoveNext(context.CancellationToken))
            {
                throw MeshException.FailedPrecondition(ErrorReasons.ConfigMissing, "The first message must carry `streaming_config`.");
            }

            var stream = RivaStream.Of(requestStream.Current, context.GetHttpContext());
            await StartReplyAsync(context, stream.Config.RequestId, stream.Warnings);
            var origin = RequestOrigin.Of(context.GetHttpContext(), stream.Config.RequestId, context.ClientDeadline());
            await using var connection = await sessions.ConnectAsync(stream.Config, origin, context.CancellationToken);
            try
            {
                await BothWays.RunAsync(
                    token => HearAsync(requestStream, connection, token),
                    token => TellAsync(connection, new RivaResults(stream), responseStream, token),
                    context.CancellationToken);
            }
            finally
            {
                // Riva's clients have no way back to a stream, so it need not wait for them.
                await connection.AbandonAsync();
            }
        }
        catch (MeshException e)
        {
            throw RivaErrors.Renamed(e, RivaStream.Path);
        }
    }

    [Explained(Operations.Transcribe)]
    public override async Task<RecognizeResponse> Recognize(RecognizeRequest request, ServerCallContext context)
    {
        try
        {
            var config = RivaRecording.Read(request, options.Value, context.GetHttpContext());
            await StartReplyAsync(context, config.RequestId, RivaWishes.Warnings(request.Config));
            using var audio = spool.Create();
            await audio.AppendAsync(request.Audio.Memory, context.CancellationToken);
            audio.Complete();

            var readable = !RivaRecording.IsFile(request) || RivaRecording.IsWav(request);
            var collector = new TranscriptCollector(config);
            var job = new TranscriptionJob
            {
                Config = config,
                Audio = audio,
                Origin = RequestOrigin.Of(context.GetHttpContext(), config.RequestId, context.ClientDeadline()),
                CompressedAudio = readable ? CompressedAudio.None : CompressedAudio.Required,
            };
            job.Origin.Journey?.OnReceived();
            await pipeline.RunAsync(job, collector, context.CancellationToken);

            var response = new RecognizeResponse { Id = request.Id };
            response.Results.AddRange(collector.ToTranscript().Segments.Select(segment => new SpeechRecognitionResult
            {
                Alternatives = { RivaResults.OfSegment(segment, config.WordTimestamps) },
                ChannelTag = segment.Channel + 1,
                AudioProcessed = (float)(segment.StartOffset.ToTimeSpan() + segment.SegmentDuration.ToTimeSpan()).TotalSeconds,
            }));
            return response;
        }
        catch (MeshException e)
        {
            throw RivaErrors.Renamed(e, RivaRecording.Path);
        }
    }

    public override Task<RivaSpeechRecognitionConfigResponse> GetRivaSpeechRecognitionConfig(
        RivaSpeechRecognitionConfigRequest request, ServerCallContext context) => Task.FromResult(RivaModels.List(request.ModelName, catalog));

    private static async Task HearAsync(
        IAsyncStreamReader<StreamingRecognizeRequest> requests, ILiveConnection connection, CancellationToken cancellationToken)
    {
        var first = true;
        while (await requests.MoveNext(cancellationToken))
        {
            var audio = AudioOf(requests.Current, first);
            first = false;
            for (var at = 0; at < audio.Length; at += MaxAudioBytes)
            {
                var piece = UnsafeByteOperations.UnsafeWrap(audio.Memory.Slice(at, Math.Min(MaxAudioBytes, audio.Length - at)));
                await connection.SendAsync(new StreamLiveRequest { Audio = new LiveAudio { Data = piece } }, cancellationToken);
            }
        }

        await connection.CompleteAsync(cancellationToken);
    }

    private static ByteString AudioOf(StreamingRecognizeRequest request, bool first)
    {
        if (request.StreamingRequestCase != StreamingRecognizeRequest.StreamingRequestOneofCase.AudioContent)
        {
            throw request.StreamingConfig is not null
                ? MeshException.FailedPrecondition(ErrorReasons.ConfigRepeated, "`streaming_config` may be sent once only.", "streaming_config")
                : MeshException.InvalidArgument("audio_content", "A message after the first must carry `audio_content`.");
        }

        var audio = request.AudioContent;
        return first && AudioSniffer.IsWav(audio.Span[..Math.Min(12, audio.Length)])
            ? throw MeshException.InvalidArgument("audio_content", "A stream carries samples only: leave the WAV header out.")
            : audio;
    }

    private static async Task TellAsync(
        ILiveConnection connection,
        RivaResults results,
        IServerStreamWriter<StreamingRecognizeResponse> responses,
        CancellationToken cancellationToken)
    {
        await foreach (var message in connection.ReadAsync(cancellationToken))
        {
            if (results.Of(message) is { } response)
            {
                await responses.WriteAsync(response, cancellationToken);
            }
        }
    }

    private static Task StartReplyAsync(ServerCallContext context, string requestId, IReadOnlyList<string> warnings)
    {
        RouteHeaders.SetWarnings(context.GetHttpContext().Response, [.. warnings]);
        return context.WriteResponseHeadersAsync(new Metadata { { RequestIds.HeaderName, requestId } });
    }
}

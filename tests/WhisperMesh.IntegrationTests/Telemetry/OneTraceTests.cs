using System.Net.Http.Json;
using WhisperMesh.Client;
using WhisperMesh.IntegrationTests.Running;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.IntegrationTests.Telemetry;

/// <summary>One request is one trace, through every process that it goes through.</summary>
[Collection(TracedMesh.Collection)]
public sealed class OneTraceTests(TracedMesh mesh)
{
    private const string Spoken = "The mesh has found a worker. It goes on.";
    private static readonly Recording Sorry = Recordings.Named("en-sorry.wav");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Transcribe_OverHttp_IsOneTraceOfRouterAndWorker()
    {
        var trace = await mesh.TraceAsync(
            async () =>
            {
                using var form = HttpApi.Form(await File.ReadAllBytesAsync(Sorry.Path, Token), "a.wav", ("timestamp_granularities[]", "word"), ("response_format", "verbose_json"));
                using var response = await mesh.Http.PostAsync("/v1/audio/transcriptions", form, Token);
                response.IsSuccessStatusCode.ShouldBeTrue();
            },
            "alignment",
            "response");

        trace.Tree().ShouldBe(
            """
            caller: test
              whispermesh-router: POST /v1/audio/transcriptions
                whispermesh-router: accept
                whispermesh-router: admission
                whispermesh-router: attempt
                  whispermesh-transcription: POST /whispermesh.speech.v1.TranscriptionService/StreamTranscribe
                    whispermesh-transcription: audio decoding
                    whispermesh-transcription: post-processing
                    whispermesh-transcription: queue
                    whispermesh-transcription: voice detection
                    whispermesh-transcription: window
                      whispermesh-transcription: alignment
                      whispermesh-transcription: decoder
                      whispermesh-transcription: encoder
                      whispermesh-transcription: features
                      whispermesh-transcription: language detection
                      whispermesh-transcription: prefill
                whispermesh-router: response
                whispermesh-router: route

            """);
    }

    [Fact]
    public async Task Transcribe_OverGrpc_IsOneTraceOfClientRouterAndWorker()
    {
        var trace = await mesh.TraceAsync(() => TranscribeAsync(new TranscriptionConfig { LanguageCode = "en" }), "decoder");

        trace.Tree().ShouldBe(
            """
            caller: test
              caller: whispermesh transcribe
                whispermesh-router: POST /whispermesh.speech.v1.TranscriptionService/StreamTranscribe
                  whispermesh-router: accept
                  whispermesh-router: admission
                  whispermesh-router: attempt
                    whispermesh-transcription: POST /whispermesh.speech.v1.TranscriptionService/StreamTranscribe
                      whispermesh-transcription: audio decoding
                      whispermesh-transcription: post-processing
                      whispermesh-transcription: queue
                      whispermesh-transcription: voice detection
                      whispermesh-transcription: window
                        whispermesh-transcription: decoder
                        whispermesh-transcription: encoder
                        whispermesh-transcription: features
                        whispermesh-transcription: prefill
                  whispermesh-router: route

            """);
    }

    [Fact]
    public async Task Synthesize_OverHttp_IsOneTraceOfRouterAndWorker()
    {
        var trace = await mesh.TraceAsync(
            async () =>
            {
                using var response = await mesh.Http.PostAsJsonAsync("/v1/audio/speech", new { input = Spoken, response_format = "wav" }, Token);
                response.IsSuccessStatusCode.ShouldBeTrue();
            },
            "encode");

        trace.Tree().ShouldBe(
            """
            caller: test
              whispermesh-router: POST /v1/audio/speech
                whispermesh-router: accept
                whispermesh-router: admission
                whispermesh-router: attempt
                  whispermesh-synthesis: POST /whispermesh.speech.v1.SynthesisService/Synthesize
                    whispermesh-synthesis: encode
                    whispermesh-synthesis: queue
                    whispermesh-synthesis: synthesize piece
                whispermesh-router: route

            """);
    }

    [Fact]
    public async Task Live_OverGrpc_IsOneTraceWithItsUtterancesAndPasses()
    {
        var trace = await mesh.TraceAsync(HearLiveAsync, "utterance", "pass", "live session");

        trace.Tree().ShouldBe(
            """
            caller: test
              caller: whispermesh transcribe_live
                whispermesh-router: POST /whispermesh.speech.v1.LiveTranscriptionService/StreamLive
                  whispermesh-router: live session
                    whispermesh-router: attempt
                      whispermesh-transcription: POST /whispermesh.speech.v1.LiveTranscriptionService/StreamLive
                        whispermesh-transcription: utterance
                          whispermesh-transcription: pass
                            whispermesh-transcription: alignment
                            whispermesh-transcription: decoder
                            whispermesh-transcription: encoder
                            whispermesh-transcription: features
                            whispermesh-transcription: prefill
                    whispermesh-router: route

            """);
    }

    private async Task TranscribeAsync(TranscriptionConfig config)
    {
        await using var audio = File.OpenRead(Sorry.Path);
        var transcript = await mesh.Client.TranscribeAsync(audio, config, Token).ToTranscriptAsync(cancellationToken: Token);
        transcript.Text.ShouldContain("sorry");
    }

    private async Task HearLiveAsync()
    {
        var options = new LiveOptions
        {
            AudioFormat = new() { Encoding = AudioEncoding.PcmS16Le, SampleRateHz = 16000, ChannelCount = 1 },
            Language = "en",
            PassClock = LivePassClock.Audio,
        };
        var samples = File.ReadAllBytes(Sorry.Path)[44..];
        var finals = await mesh.Client.TranscribeLiveAsync(AsyncEnumerable.Repeat<ReadOnlyMemory<byte>>(samples, 1), options, Token)
            .Where(message => message.Final is not null).CountAsync(Token);
        finals.ShouldBeGreaterThan(0);
    }
}

using System.Text.Json;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>What a client asks for reaches the live session, or is refused by its name.</summary>
public sealed class RealtimeSettingsTests : RealtimeTest
{
    [Fact]
    public async Task Created_Always_ShowsTheDefaults()
    {
        await using var client = await RealtimeClient.ConnectAsync(Router, "?intent=transcription&model=whisper-1");

        var session = (await client.NextAsync("session.created")).GetProperty("session");

        session.GetProperty("id").GetString().ShouldStartWith("sess_");
        session.GetProperty("type").GetString().ShouldBe("transcription");
        session.GetProperty("audio").ToString().ShouldBe(
            """{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"whisper-1","language":null,"prompt":""},"noise_reduction":null,"turn_detection":{"type":"server_vad","threshold":0.5,"prefix_padding_ms":300,"silence_duration_ms":500}}}""");
    }

    [Fact]
    public async Task Update_EveryFieldThatMaps_ReachesTheSession()
    {
        await using var client = await OpenWithAsync(
            """
            {
              "format": {"type": "audio/pcmu"},
              "noise_reduction": null,
              "transcription": {"model": "whisper-1", "language": "de", "keywords": ["mesh", "Zoë"], "prompt": "Before.", "delay": "medium"},
              "turn_detection": {"type": "server_vad", "threshold": 0.75, "prefix_padding_ms": 200, "silence_duration_ms": 400,
                                 "create_response": false, "interrupt_response": null}
            }
            """);
        await client.AppendAsync(new byte[800]);

        var session = await Sessions.NextAsync();

        var config = session.Config.Clone();
        config.RequestId.ShouldNotBeEmpty();
        config.RequestId = "";
        config.ShouldBe(new LiveConfig
        {
            Model = "whisper-1",
            LanguageCode = "de",
            Keywords = { "mesh", "Zoë" },
            Prompt = "Before.",
            Latency = LiveLatency.Medium,
            OmitTentative = true,
            AudioFormat = new AudioFormat { Encoding = AudioEncoding.Mulaw, SampleRateHz = 8000, ChannelCount = 1 },
            Endpointing = new Endpointing
            {
                Threshold = 0.75f,
                PauseDuration = new() { Nanos = 400_000_000 },
                PrefixPadding = new() { Nanos = 200_000_000 },
            },
        });
    }

    [Theory]
    [InlineData("minimal", LiveLatency.Minimal, 0)]
    [InlineData("low", LiveLatency.Low, 0)]
    [InlineData("high", LiveLatency.High, 0)]
    [InlineData("xhigh", LiveLatency.High, 1)]
    public async Task Update_Delay_IsALatency(string delay, LiveLatency expected, int warnings)
    {
        await using var client = await OpenAsync();
        await client.UpdateAsync("{\"transcription\":{\"delay\":\"" + delay + "\"}}");
        Warnings(await client.NextAsync("session.updated")).Count.ShouldBe(warnings);
        await client.AppendAsync(0.1);

        (await Sessions.NextAsync()).Config.Latency.ShouldBe(expected);
    }

    [Theory]
    [InlineData("""{"type":"semantic_vad","eagerness":"low"}""", 3)]
    [InlineData("""{"type":"semantic_vad"}""", 1.5)]
    [InlineData("""{"type":"semantic_vad","eagerness":"high"}""", 0.8)]
    public async Task Update_SemanticVad_IsApproximatedAndSaysSo(string turns, double pause)
    {
        await using var client = await OpenAsync();
        await client.UpdateAsync("{\"turn_detection\":" + turns + "}");
        Warnings(await client.NextAsync("session.updated")).ShouldHaveSingleItem().ShouldContain("semantic_vad");
        await client.AppendAsync(0.1);

        (await Sessions.NextAsync()).Config.Endpointing.PauseDuration.ToTimeSpan().TotalSeconds.ShouldBe(pause);
    }

    [Fact]
    public async Task Update_OnlyWhatIsThere_Changes()
    {
        await using var client = await OpenWithAsync("""{"transcription":{"model":"whisper-1","languages":["de","en"]},"turn_detection":null}""");
        await client.UpdateAsync("""{"transcription":{"prompt":"More."}}""");

        var input = (await client.NextAsync("session.updated")).GetProperty("session").GetProperty("audio").GetProperty("input");

        input.GetProperty("turn_detection").ValueKind.ShouldBe(JsonValueKind.Null);
        input.GetProperty("transcription").ToString().ShouldBe("""{"model":"whisper-1","language":null,"languages":["de","en"],"prompt":"More."}""");

        await client.UpdateAsync("""{"transcription":{"language":"en"}}""");
        (await client.NextAsync("session.updated")).GetProperty("session").GetProperty("audio").GetProperty("input").GetProperty("transcription")
            .ToString().ShouldBe("""{"model":"whisper-1","language":"en","prompt":"More."}""");
    }

    [Theory]
    [InlineData("""{"transcription":{"model":"gpt-4o-transcribe"}}""", "session.audio.input.transcription.model", "model_not_found")]
    [InlineData("""{"transcription":null}""", "session.audio.input.transcription", "unsupported_parameter")]
    [InlineData("""{"transcription":{"language":"not a code"}}""", "session.audio.input.transcription.language", "language_not_supported")]
    [InlineData("""{"transcription":{"language":"en","languages":["de"]}}""", "session.audio.input.transcription.languages", "invalid_value")]
    [InlineData("""{"transcription":{"languages":"de"}}""", "session.audio.input.transcription.languages", "invalid_type")]
    [InlineData("""{"transcription":{"keywords":["<x>"]}}""", "session.audio.input.transcription.keywords", "invalid_value")]
    [InlineData("""{"transcription":{"keywords":[1]}}""", "session.audio.input.transcription.keywords[0]", "invalid_type")]
    [InlineData("""{"transcription":{"delay":"long"}}""", "session.audio.input.transcription.delay", "invalid_value")]
    [InlineData("""{"transcription":{"speed":1}}""", "session.audio.input.transcription.speed", "unknown_parameter")]
    [InlineData("""{"noise_reduction":{"type":"near_field"}}""", "session.audio.input.noise_reduction", "unsupported_parameter")]
    [InlineData("""{"format":{"type":"audio/opus"}}""", "session.audio.input.format.type", "invalid_value")]
    [InlineData("""{"format":{"type":"audio/pcm","rate":96000}}""", "session.audio.input.format.rate", "invalid_type")]
    [InlineData("""{"format":"pcm16"}""", "session.audio.input.format", "invalid_type")]
    [InlineData("""{"turn_detection":{"type":"client_vad"}}""", "session.audio.input.turn_detection.type", "invalid_value")]
    [InlineData("""{"turn_detection":{"threshold":0.5}}""", "session.audio.input.turn_detection.type", "missing_required_parameter")]
    [InlineData("""{"turn_detection":{"type":"server_vad","threshold":2}}""", "session.audio.input.turn_detection.threshold", "invalid_type")]
    [InlineData("""{"turn_detection":{"type":"server_vad","silence_duration_ms":20}}""", "session.audio.input.turn_detection.silence_duration_ms", "invalid_type")]
    [InlineData("""{"turn_detection":{"type":"server_vad","prefix_padding_ms":2001}}""", "session.audio.input.turn_detection.prefix_padding_ms", "invalid_type")]
    [InlineData("""{"turn_detection":{"type":"server_vad","idle_timeout_ms":100}}""", "session.audio.input.turn_detection.idle_timeout_ms", "invalid_type")]
    [InlineData("""{"turn_detection":{"type":"server_vad","create_response":true}}""", "session.audio.input.turn_detection.create_response", "unsupported_parameter")]
    [InlineData("""{"turn_detection":{"type":"server_vad","eagerness":"low"}}""", "session.audio.input.turn_detection.eagerness", "unknown_parameter")]
    [InlineData("""{"turn_detection":{"type":"semantic_vad","eagerness":"keen"}}""", "session.audio.input.turn_detection.eagerness", "invalid_value")]
    public async Task Update_BadValue_IsAnErrorNamingItAndChangesNothing(string input, string param, string code)
    {
        await using var client = await OpenAsync();

        await client.UpdateAsync(input);

        var error = await client.ErrorAsync();
        (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()).ShouldBe((param, code), error.ToString());
        await client.AppendAsync(0.1);
        var config = (await Sessions.NextAsync()).Config;
        (config.Model, config.LanguageCode, config.Keywords.Count, config.Endpointing.Manual).ShouldBe(("", "", 0, false));
    }

    [Theory]
    [InlineData("""{"type":"realtime"}""", "session.type", "unsupported_session_type")]
    [InlineData("""{"audio":{}}""", "session.type", "missing_required_parameter")]
    [InlineData("""{"type":"transcription","instructions":"Be kind."}""", "session.instructions", "unknown_parameter")]
    [InlineData("""{"type":"transcription","audio":{"output":{}}}""", "session.audio.output", "unknown_parameter")]
    [InlineData("""{"type":"transcription","include":["everything"]}""", "session.include", "invalid_value")]
    [InlineData("[]", "session", "invalid_type")]
    public async Task Update_BadSession_IsAnErrorNamingIt(string session, string param, string code)
    {
        await using var client = await OpenAsync();

        await client.SendAsync("{\"type\":\"session.update\",\"event_id\":\"mine\",\"session\":" + session + "}");

        var error = await client.ErrorAsync();
        (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()).ShouldBe((param, code), error.ToString());
        error.GetProperty("event_id").GetString().ShouldBe("mine");
    }

    private static List<string> Warnings(JsonElement message) =>
        [.. message.GetProperty("session").GetProperty("whispermesh").GetProperty("warnings").EnumerateArray().Select(text => text.GetString()!)];
}

using System.Net.WebSockets;
using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.ServiceDefaults.Errors;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>How clients come and go, and what goes wrong on the way.</summary>
public sealed class RealtimeConnectionTests : RealtimeTest
{
    [Theory]
    [InlineData("?intent=transcription")]
    [InlineData("?model=whisper-1")]
    [InlineData("?intent=transcription&model=whisper-base")]
    [InlineData("")]
    public async Task Connect_AsClientsDo_IsGreeted(string query)
    {
        await using var client = await OpenAsync(query);

        await client.CloseAsync();

        client.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [InlineData("?intent=conversation", "intent", "unsupported_session_type")]
    [InlineData("?model=gpt-realtime", "model", "model_not_found")]
    [InlineData("?call_id=rtc_1", "call_id", "unsupported_parameter")]
    public async Task Connect_ForWhatIsNotServed_IsAnErrorAndClosed(string query, string param, string code)
    {
        await using var client = await RealtimeClient.ConnectAsync(Router, query);

        var error = await client.ErrorAsync();
        (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()).ShouldBe((param, code));
        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Connect_BrowserWithProtocols_AgreesOnRealtime()
    {
        await using var client = await RealtimeClient.ConnectAsync(Router, configure: options =>
        {
            options.AddSubProtocol("realtime");
            options.AddSubProtocol("openai-beta.realtime-v1");
        });

        client.SubProtocol.ShouldBe("realtime");
        await client.NextAsync("transcription_session.created");
    }

    [Fact]
    public async Task Get_WithoutAWebSocket_SaysWhatIsMissing()
    {
        using var response = await Router.Http.GetAsync("/v1/realtime", TestContext.Current.CancellationToken).Bounded();

        await Http.ApiTest.ShouldBeErrorAsync(response, System.Net.HttpStatusCode.BadRequest, null, "websocket_required");
    }

    [Theory]
    [InlineData("not json", "invalid_json", null)]
    [InlineData("[]", "invalid_type", null)]
    [InlineData("{}", "missing_required_parameter", "type")]
    [InlineData("""{"type":5}""", "invalid_type", "type")]
    [InlineData("""{"type":"input_audio_buffer.appendix"}""", "invalid_value", "type")]
    [InlineData("""{"type":"response.create"}""", "unsupported_event", "type")]
    [InlineData("""{"type":"conversation.item.create","item":{}}""", "unsupported_event", "type")]
    [InlineData("""{"type":"session.update"}""", "missing_required_parameter", "session")]
    [InlineData("""{"type":"input_audio_buffer.append"}""", "missing_required_parameter", "audio")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"?"}""", "invalid_value", "audio")]
    [InlineData("""{"type":"input_audio_buffer.append","audio":"AAAA","format":"wav"}""", "unknown_parameter", "format")]
    [InlineData("""{"type":"input_audio_buffer.clear","item":"x"}""", "unknown_parameter", "item")]
    public async Task Event_Bad_IsAnErrorAndTheSessionGoesOn(string message, string code, string? param)
    {
        await using var client = await OpenAsync();

        await client.SendAsync(message);

        var error = await client.ErrorAsync();
        (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()).ShouldBe((code, param), error.ToString());
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        await client.UpdateAsync("{}");
        await client.NextAsync("session.updated");
    }

    [Fact]
    public async Task Event_Binary_IsAnErrorAndTheSessionGoesOn()
    {
        await using var client = await OpenAsync();

        await client.SendBytesAsync([1, 2, 3]);

        (await client.ErrorAsync()).GetProperty("code").GetString().ShouldBe("invalid_message");
        await client.UpdateAsync("{}");
        await client.NextAsync("session.updated");
    }

    [Fact]
    public async Task Append_TooLarge_IsAnErrorAndTheSessionGoesOn()
    {
        await using var client = await OpenAsync();

        await client.AppendAsync(new byte[16 * 1024 * 1024]);

        (await client.ErrorAsync()).GetProperty("code").GetString().ShouldBe("message_too_large");
        var audio = new byte[200_000];
        Random.Shared.NextBytes(audio);
        await client.AppendAsync(audio);
        (await (await Sessions.NextAsync()).HearAsync(audio.Length)).ShouldBe(audio);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_Goes_GivesTheSessionUp(bool politely)
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(0.1);
        var session = await Sessions.NextAsync();

        if (politely)
        {
            await client.CloseAsync();
        }
        else
        {
            client.Vanish();
        }

        await session.Abandoned;
        await Bounds.UntilAsync(() => session.IsDisposed);
    }

    [Fact]
    public async Task Session_Fails_TellsOfTheItemAndWhyAndCloses()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var session = await Sessions.NextAsync();
        session.Tell(LiveMessages.Began(0, 1));
        var started = await client.NextAsync(Started);

        session.Fail(MeshException.Unavailable(ErrorReasons.NoWorker, "The worker was lost.", TimeSpan.FromSeconds(2)));

        var failed = await client.NextAsync("conversation.item.input_audio_transcription.failed");
        failed.GetProperty("item_id").GetString().ShouldBe(started.GetProperty("item_id").GetString());
        failed.GetProperty("error").GetProperty("code").GetString().ShouldBe("no_worker");
        var error = await client.ErrorAsync();
        (error.GetProperty("type").GetString(), error.GetProperty("message").GetString()).ShouldBe(("server_error", "The worker was lost."));
        (await client.NextAsync()).ShouldBeNull();
        ((int)client.CloseStatus!).ShouldBe(1013);
        await session.Abandoned;
    }

    [Fact]
    public async Task Session_CantBeOpened_SaysWhyInTheClientsNames()
    {
        Sessions.Refusal = MeshException.InvalidArgument("language_code", "The model does not know it.", ErrorReasons.LanguageNotSupported);
        await using var client = await OpenAsync();

        await client.AppendAsync(0.1);

        (await client.ErrorAsync()).GetProperty("param").GetString().ShouldBe("session.audio.input.transcription.language");
        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Session_Breaks_IsAnInternalError()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(0.1);

        (await Sessions.NextAsync()).Fail(new InvalidOperationException("A secret of the house."));

        var error = await client.ErrorAsync();
        error.GetProperty("code").GetString().ShouldBe("internal_error");
        error.ToString().ShouldNotContain("secret");
        (await client.NextAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Router_Stops_SaysGoodbyeWhereNothingIsUnderWay()
    {
        await using var client = await OpenAsync();

        var stopping = Router.App.StopAsync(TestContext.Current.CancellationToken);

        (await client.NextAsync()).ShouldBeNull();
        client.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await client.CloseAsync();
        await stopping.Bounded();
    }

    [Fact]
    public async Task LostAudio_Always_IsTold()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(0.1);

        (await Sessions.NextAsync()).Tell(new StreamLiveResponse { Status = new() { LostAudio = new() { Seconds = 3 } } });

        (await client.ErrorAsync()).GetProperty("code").GetString().ShouldBe("audio_lost");
    }

    [Fact]
    public async Task Beta_Client_GetsItsNamesAndShapes()
    {
        await using var client = await RealtimeClient.ConnectAsync(
            Router, configure: options => options.SetRequestHeader("OpenAI-Beta", "realtime=v1"));
        await client.NextAsync("transcription_session.created");
        await client.SendAsync(
            """
            {"type":"transcription_session.update","session":{
              "input_audio_format":"g711_alaw","input_audio_transcription":{"model":"whisper-1","language":"de","prompt":"x"},
              "input_audio_noise_reduction":null,"modalities":["text"],
              "turn_detection":{"type":"server_vad","silence_duration_ms":700},"include":["item.input_audio_transcription.logprobs"]}}
            """);

        var session = (await client.NextAsync("transcription_session.updated")).GetProperty("session");

        session.GetProperty("input_audio_format").GetString().ShouldBe("g711_alaw");
        session.GetProperty("input_audio_transcription").GetProperty("language").GetString().ShouldBe("de");
        session.GetProperty("turn_detection").GetProperty("silence_duration_ms").GetInt32().ShouldBe(700);
        session.GetProperty("input_audio_noise_reduction").ValueKind.ShouldBe(JsonValueKind.Null);
        await client.AppendAsync(new byte[800]);
        var live = await Sessions.NextAsync();
        live.Config.AudioFormat.Encoding.ShouldBe(AudioEncoding.Alaw);
        live.Tell(LiveMessages.Began(0, 1), LiveMessages.Ended(0, 1, 2, "Ja."));
        await client.NextAsync(Started, Delta, Stopped, Committed, "conversation.item.created", Completed);
    }

    [Theory]
    [InlineData("""{"input_audio_format":"opus"}""", "session.input_audio_format")]
    [InlineData("""{"input_audio_transcription":{"model":"nobody"}}""", "session.input_audio_transcription.model")]
    [InlineData("""{"input_audio_noise_reduction":{"type":"far_field"}}""", "session.input_audio_noise_reduction")]
    [InlineData("""{"modalities":["video"]}""", "session.modalities")]
    [InlineData("""{"client_secret":{}}""", "session.client_secret")]
    [InlineData("""{"type":"transcription"}""", "session.type")]
    public async Task Beta_BadValue_IsAnErrorNamingIt(string session, string param)
    {
        await using var client = await OpenAsync();

        await client.SendAsync("{\"type\":\"transcription_session.update\",\"session\":" + session + "}");

        (await client.ErrorAsync()).GetProperty("param").GetString().ShouldBe(param);
    }
}

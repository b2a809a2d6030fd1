using System.Text.Json;
using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>How speech becomes items.</summary>
public sealed class RealtimeItemTests : RealtimeTest
{
    private const string Commit = """{"type":"input_audio_buffer.commit","event_id":"c1"}""";
    private const string Clear = """{"type":"input_audio_buffer.clear"}""";

    [Fact]
    public async Task ServerVad_TwoUtterances_AreTwoItemsInOrder()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(6);
        var session = await Sessions.NextAsync();

        session.Tell(
            LiveMessages.Began(0, 1),
            LiveMessages.Heard(0, 1, " Hello"),
            LiveMessages.Paused(0, 2),
            LiveMessages.Heard(0, 1.5, " world."),
            LiveMessages.Ended(0, 1, 2.2, "Hello world."),
            LiveMessages.Began(1, 2.3),
            LiveMessages.Ended(1, 2.3, 4, "Bye."));

        var first = await client.NextAsync(Started, Delta, Stopped, Committed, Added, Done, Delta, Completed);
        var second = await client.NextAsync(Started, Delta, Stopped, Committed, Added, Done, Completed);
        var item = Id(first[0]);
        first.Where(message => message.TryGetProperty("item_id", out _)).ShouldAllBe(message => Id(message) == item);
        first[0].GetProperty("audio_start_ms").GetInt64().ShouldBe(700);
        first[2].GetProperty("audio_end_ms").GetInt64().ShouldBe(2500);
        first[3].GetProperty("previous_item_id").ValueKind.ShouldBe(JsonValueKind.Null);
        (Text(first[1], "delta") + Text(first[6], "delta")).ShouldBe("Hello world.");
        Text(first[7], "transcript").ShouldBe("Hello world.");
        first[7].GetProperty("languages")[0].GetProperty("code").GetString().ShouldBe("en");
        first[7].GetProperty("usage").ToString().ShouldBe("""{"type":"duration","seconds":1.5}""");
        first[7].TryGetProperty("logprobs", out _).ShouldBeFalse();
        var shown = first[5].GetProperty("item");
        shown.ToString().ShouldBe(
            $$"""{"id":"{{item}}","object":"realtime.item","type":"message","status":"completed","role":"user","content":[{"type":"input_audio","transcript":null}]}""");

        // The audio of the second begins where that of the first ended.
        second[0].GetProperty("audio_start_ms").GetInt64().ShouldBe(2200);
        Id(second[0]).ShouldNotBe(item);
        second[3].GetProperty("previous_item_id").GetString().ShouldBe(item);
        Text(second[6], "transcript").ShouldBe("Bye.");
    }

    [Fact]
    public async Task ServerVad_SpeechThatNobodyUnderstood_IsAnItemWithoutText()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        (await Sessions.NextAsync()).Tell(LiveMessages.Began(0, 1), LiveMessages.Paused(0, 2), LiveMessages.Ended(0, 1, 2.2, ""));

        var messages = await client.NextAsync(Started, Stopped, Committed, Added, Done, Completed);

        Text(messages[5], "transcript").ShouldBe("");
    }

    [Fact]
    public async Task ServerVad_LongestUtterance_EndsTheItem()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        (await Sessions.NextAsync()).Tell(LiveMessages.Began(0, 1), LiveMessages.Ended(0, 1, 31, "On and on", EndpointReason.MaximumDuration));

        await client.NextAsync(Started, Delta, Stopped, Committed, Added, Done, Completed);
    }

    [Fact]
    public async Task ServerVad_CommitInSpeech_EndsTheItem()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        var session = await Sessions.NextAsync();
        await session.HearAsync(3 * 48_000);
        session.Tell(LiveMessages.Began(0, 1));
        var started = await client.NextAsync(Started);

        await client.SendAsync(Commit);
        (await session.NextAsync()).Commit.ShouldNotBeNull();
        session.Tell(LiveMessages.Heard(0, 1, " Half"), LiveMessages.Ended(0, 1, 3, "Half a word", EndpointReason.Commit));

        var messages = await client.NextAsync(Committed, Added, Done, Delta, Delta, Completed);
        messages.Where(message => message.TryGetProperty("item_id", out _)).ShouldAllBe(message => Id(message) == Id(started));
        Text(messages[5], "transcript").ShouldBe("Half a word");
    }

    [Fact]
    public async Task ServerVad_CommitAfterAPauseThatIsNotToldYet_GivesOneItem()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        var session = await Sessions.NextAsync();
        session.Tell(LiveMessages.Began(0, 1));
        await client.NextAsync(Started);
        await client.SendAsync(Commit);
        await client.NextAsync(Committed, Added, Done);

        session.Tell(
            LiveMessages.Paused(0, 2),
            LiveMessages.Ended(0, 1, 2.2, "One."),
            LiveMessages.Ended(1, 3, 3, "", EndpointReason.Commit),
            LiveMessages.Began(2, 3.5));

        await client.NextAsync(Delta, Completed, Started);
    }

    [Fact]
    public async Task Manual_Commits_EachGetTheirTextInOrder()
    {
        await using var client = await OpenWithAsync("""{"turn_detection":null}""");
        await client.AppendAsync(2);
        var session = await Sessions.NextAsync();
        session.Config.Endpointing.Manual.ShouldBeTrue();
        await client.SendAsync(Commit);
        var first = await client.NextAsync(Committed, Added, Done);
        await client.AppendAsync(1);
        await client.SendAsync(Commit);
        var second = await client.NextAsync(Committed, Added, Done);
        second[0].GetProperty("previous_item_id").GetString().ShouldBe(Id(first[0]));

        session.Tell(
            LiveMessages.Began(0, 0.5),
            LiveMessages.Heard(0, 0.5, " First."),
            LiveMessages.Paused(0, 1),
            LiveMessages.Ended(0, 0.5, 2, "First.", EndpointReason.Commit),
            LiveMessages.Ended(1, 2, 3, "", EndpointReason.Commit));

        var messages = await client.NextAsync(Delta, Completed, Completed);
        messages.Select(Id).ShouldBe([Id(first[0]), Id(first[0]), Id(second[0])]);
        messages.Skip(1).Select(message => Text(message, "transcript")).ShouldBe(["First.", ""]);
        messages.Skip(1).Select(message => message.GetProperty("usage").GetProperty("seconds").GetDouble()).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Manual_LongerThanAnUtteranceMayBe_IsOneItemAllTheSame()
    {
        await using var client = await OpenWithAsync("""{"turn_detection":null}""");
        await client.AppendAsync(2);
        var session = await Sessions.NextAsync();
        session.Tell(
            LiveMessages.Heard(0, 0, " One"),
            LiveMessages.Ended(0, 0, 1, "One two", EndpointReason.MaximumDuration),
            LiveMessages.Heard(1, 1, " three"));
        var deltas = await client.NextAsync(Delta, Delta, Delta);
        await client.SendAsync(Commit);
        var committed = await client.NextAsync(Committed, Added, Done);
        session.Tell(LiveMessages.Ended(1, 1, 2, "three four", EndpointReason.Commit));
        var messages = await client.NextAsync(Delta, Completed);

        string.Concat(deltas.Append(messages[0]).Select(message => Text(message, "delta"))).ShouldBe("One two three four");
        Text(messages[1], "transcript").ShouldBe("One two three four");
        Id(committed[0]).ShouldBe(Id(deltas[0]));
    }

    [Fact]
    public async Task Commit_OfNothing_IsAnErrorAndTheSessionGoesOn()
    {
        await using var client = await OpenAsync();

        await client.SendAsync(Commit);
        var error = await client.ErrorAsync();
        error.GetProperty("code").GetString().ShouldBe("input_audio_buffer_commit_empty");
        error.GetProperty("event_id").GetString().ShouldBe("c1");
        error.GetProperty("type").GetString().ShouldBe("invalid_request_error");

        await client.AppendAsync(0.05);
        await client.SendAsync(Commit);
        Text(await client.ErrorAsync(), "code").ShouldBe("input_audio_buffer_commit_empty");
        await client.AppendAsync(0.05);
        await client.SendAsync(Commit);
        await client.NextAsync(Committed);
    }

    [Fact]
    public async Task Clear_InSpeech_DropsTheItemAndWhatWasStillToldOfIt()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        var session = await Sessions.NextAsync();
        await session.HearAsync(3 * 48_000);
        session.Tell(LiveMessages.Began(0, 1), LiveMessages.Heard(0, 1, " Never"));
        var dropped = await client.NextAsync(Started, Delta);

        await client.SendAsync(Clear);
        await client.NextAsync("input_audio_buffer.cleared");
        (await session.NextAsync()).Clear.ShouldNotBeNull();
        session.Tell(
            LiveMessages.Heard(0, 1.5, " mind"),
            LiveMessages.Ended(0, 1, 3, "Never mind", EndpointReason.Clear),
            LiveMessages.Began(1, 4),
            LiveMessages.Ended(1, 4, 5, "Yes."));

        var messages = await client.NextAsync(Started, Delta, Stopped, Committed, Added, Done, Completed);
        Id(messages[0]).ShouldNotBe(Id(dropped[0]));
        Text(messages[6], "transcript").ShouldBe("Yes.");
    }

    [Fact]
    public async Task Clear_AfterTheUtteranceHadEnded_KeepsIt()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(3);
        var session = await Sessions.NextAsync();
        session.Tell(LiveMessages.Began(0, 1));
        await client.NextAsync(Started);
        await client.SendAsync(Clear);
        await client.NextAsync("input_audio_buffer.cleared");

        session.Tell(
            LiveMessages.Heard(0, 1, " Kept."),
            LiveMessages.Ended(0, 1, 2, "Kept."),
            LiveMessages.Ended(1, 3, 3, "", EndpointReason.Clear));

        var messages = await client.NextAsync(Delta, Stopped, Committed, Added, Done, Completed);
        Text(messages[5], "transcript").ShouldBe("Kept.");
    }

    [Fact]
    public async Task Clear_BeforeAnyAudio_IsAnsweredWithoutASession()
    {
        await using var client = await OpenAsync();

        await client.SendAsync(Clear);

        await client.NextAsync("input_audio_buffer.cleared");
        Sessions.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task IdleTimeout_Silence_IsToldOncePerTimeout()
    {
        await using var client = await OpenWithAsync("""{"turn_detection":{"type":"server_vad","idle_timeout_ms":5000}}""");
        await client.AppendAsync(3);
        var session = await Sessions.NextAsync();
        session.Tell(LiveMessages.Silence(4.9), LiveMessages.Silence(5.5), LiveMessages.Silence(10), LiveMessages.Silence(10.6));

        var first = await client.NextAsync("input_audio_buffer.timeout_triggered", Committed, Added, Done, Completed);
        var second = await client.NextAsync("input_audio_buffer.timeout_triggered", Committed, Added, Done, Completed);

        (first[0].GetProperty("audio_start_ms").GetInt64(), first[0].GetProperty("audio_end_ms").GetInt64()).ShouldBe((0, 5500));
        (second[0].GetProperty("audio_start_ms").GetInt64(), second[0].GetProperty("audio_end_ms").GetInt64()).ShouldBe((5500, 10_600));
        Text(first[4], "transcript").ShouldBe("");
        Id(first[0]).ShouldBe(Id(first[4]));
    }

    [Fact]
    public async Task Logprobs_Included_ComeWordByWord()
    {
        await using var client = await OpenAsync();
        await client.SendAsync(
            """{"type":"session.update","session":{"type":"transcription","include":["item.input_audio_transcription.logprobs"]}}""");
        await client.NextAsync("session.updated");
        await client.AppendAsync(3);
        (await Sessions.NextAsync()).Tell(
            LiveMessages.Heard(0, 1, " Hello"), LiveMessages.Ended(0, 1, 2, "Hello world."));

        var messages = await client.NextAsync(Delta, Delta, Committed, Added, Done, Completed);

        Tokens(messages[0]).ShouldBe([" Hello"]);
        Tokens(messages[1]).ShouldBe([" world."]);
        Tokens(messages[5]).ShouldBe([" Hello", " world."]);
        var first = messages[0].GetProperty("logprobs")[0];
        first.GetProperty("logprob").GetSingle().ShouldBe(MathF.Log(0.5f));
        first.GetProperty("bytes").EnumerateArray().Select(value => value.GetInt32()).ShouldBe(" Hello"u8.ToArray().Select(value => (int)value));
    }

    private static string Id(JsonElement message) => Text(message, "item_id");

    private static string Text(JsonElement message, string name) => message.GetProperty(name).GetString()!;

    private static IEnumerable<string> Tokens(JsonElement message) =>
        message.GetProperty("logprobs").EnumerateArray().Select(token => token.GetProperty("token").GetString()!);
}

using WhisperMesh.Router.Tests.Fakes;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>Settings that change while audio flows.</summary>
public sealed class RealtimeChangeTests : RealtimeTest
{
    [Fact]
    public async Task Update_WhileNobodySpeaks_TakesEffectAtOnce()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var first = await Sessions.NextAsync();

        await client.UpdateAsync("""{"transcription":{"language":"de"}}""");
        await client.NextAsync("session.updated");
        await first.Completed;
        await client.AppendAsync(1);
        var second = await Sessions.NextAsync();

        first.Received.ShouldBe(96_000);
        second.Config.LanguageCode.ShouldBe("de");
        second.Config.RequestId.ShouldBe(first.Config.RequestId + ".2");
        await second.HearAsync(48_000);

        // What the first still has to tell comes before what the second tells, whose times go on from there.
        second.Tell(LiveMessages.Began(0, 0.5), LiveMessages.Ended(0, 0.5, 1, "Zwei."));
        first.Tell(LiveMessages.Ended(0, 0, 2, "One.", EndpointReason.EndOfAudio));
        first.End();
        var messages = await client.NextAsync(Delta, Committed, Added, Done, Completed, Started, Delta);
        messages[4].GetProperty("transcript").GetString().ShouldBe("One.");
        messages[5].GetProperty("audio_start_ms").GetInt64().ShouldBe(2200);
        messages[6].GetProperty("delta").GetString().ShouldBe("Zwei.");
    }

    [Fact]
    public async Task Update_InSpeech_TakesEffectWithTheNextItemAndLosesNothing()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var first = await Sessions.NextAsync();
        first.Tell(LiveMessages.Began(0, 1));
        await client.NextAsync(Started);
        await client.UpdateAsync("""{"transcription":{"language":"de"}}""");
        await client.NextAsync("session.updated");
        var later = new byte[96_000];
        Random.Shared.NextBytes(later);
        await client.AppendAsync(later[..40_000]);
        await client.AppendAsync(later[40_000..]);
        await first.HearAsync(96_000 + later.Length);

        // The utterance ended half a second after the update.
        first.Tell(LiveMessages.Ended(0, 1, 2.5, "One.", position: 96_000 + 24_000));

        await client.NextAsync(Delta, Stopped, Committed, Added, Done, Completed);
        var second = await Sessions.NextAsync();
        second.Config.LanguageCode.ShouldBe("de");
        (await second.HearAsync(later.Length - 24_000)).ShouldBe(later[24_000..]);
        await first.Abandoned;
        await client.AppendAsync(1);
        await second.HearAsync(48_000);
        second.Tell(LiveMessages.Began(0, 1));
        (await client.NextAsync(Started)).GetProperty("audio_start_ms").GetInt64().ShouldBe(3200);
    }

    [Fact]
    public async Task Update_InSpeechOfAClientThatEndsItems_TakesEffectWithTheNextCommit()
    {
        await using var client = await OpenWithAsync("""{"turn_detection":null}""");
        await client.AppendAsync(2);
        var first = await Sessions.NextAsync();
        await client.UpdateAsync("""{"transcription":{"prompt":"New."}}""");
        await client.NextAsync("session.updated");
        await client.AppendAsync(1);
        await first.HearAsync(3 * 48_000);

        await client.SendAsync("""{"type":"input_audio_buffer.commit"}""");
        (await first.NextAsync()).Commit.ShouldNotBeNull();
        await first.Completed;
        await client.NextAsync(Committed, Added, Done);
        first.Tell(LiveMessages.Ended(0, 0, 3, "One.", EndpointReason.Commit));
        first.End();
        await client.NextAsync(Delta, Completed);
        await client.AppendAsync(1);

        (await Sessions.NextAsync()).Config.Prompt.ShouldBe("New.");
    }

    [Fact]
    public async Task Update_OfTheFormatInSpeech_EndsTheItem()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var first = await Sessions.NextAsync();
        first.Tell(LiveMessages.Began(0, 1));
        await client.NextAsync(Started);

        await client.UpdateAsync("""{"format":{"type":"audio/pcmu"}}""");
        await client.NextAsync("session.updated");
        await first.Completed;
        await client.AppendAsync(new byte[8000]);

        (await Sessions.NextAsync()).Config.AudioFormat.Encoding.ShouldBe(AudioEncoding.Mulaw);
        first.Tell(LiveMessages.Ended(0, 1, 2, "Half", EndpointReason.EndOfAudio));
        await client.NextAsync(Delta, Stopped, Committed, Added, Done, Completed);
    }

    [Fact]
    public async Task Update_ThatChangesNothingForTheSession_KeepsIt()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var session = await Sessions.NextAsync();

        await client.UpdateAsync("""{"turn_detection":{"type":"server_vad","idle_timeout_ms":6000}}""");
        await client.NextAsync("session.updated");
        await client.AppendAsync(1);

        await session.HearAsync(3 * 48_000);
        Sessions.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Update_TakenBackBeforeItTookEffect_KeepsTheSession()
    {
        await using var client = await OpenAsync();
        await client.AppendAsync(2);
        var session = await Sessions.NextAsync();
        session.Tell(LiveMessages.Began(0, 1));
        await client.NextAsync(Started);
        await client.UpdateAsync("""{"transcription":{"language":"de"}}""");
        await client.NextAsync("session.updated");
        await client.UpdateAsync("""{"transcription":{"language":null}}""");
        await client.NextAsync("session.updated");

        session.Tell(LiveMessages.Ended(0, 1, 1.5, "One."), LiveMessages.Began(1, 1.8));

        await client.NextAsync(Delta, Stopped, Committed, Added, Done, Completed, Started);
        Sessions.All.Count.ShouldBe(1);
    }
}

using Microsoft.Extensions.DependencyInjection;
using WhisperMesh.Router.Live;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Realtime;

/// <summary>A router whose live sessions a test plays, and clients of OpenAI's realtime API.</summary>
public abstract class RealtimeTest : IAsyncLifetime
{
    internal const string Committed = "input_audio_buffer.committed";
    internal const string Added = "conversation.item.added";
    internal const string Done = "conversation.item.done";
    internal const string Delta = "conversation.item.input_audio_transcription.delta";
    internal const string Completed = "conversation.item.input_audio_transcription.completed";
    internal const string Started = "input_audio_buffer.speech_started";
    internal const string Stopped = "input_audio_buffer.speech_stopped";

    private RouterHost? _router;

    internal FakeLiveSessions Sessions { get; } = new();

    internal RouterHost Router => _router!;

    public async ValueTask InitializeAsync() =>
        _router = await RouterHost.StartAsync(
            services => services.AddSingleton<ILiveSessions>(Sessions), Leases.Transcription("one"), Leases.Transcription("two", model: "whisper-large"));

    public ValueTask DisposeAsync() => Router.DisposeAsync();

    /// <summary>A client that has been greeted.</summary>
    internal async Task<RealtimeClient> OpenAsync(string query = "?intent=transcription")
    {
        var client = await RealtimeClient.ConnectAsync(Router, query);
        await client.NextAsync("session.created");
        return client;
    }

    /// <summary>A client that has set its input, and been told so.</summary>
    internal async Task<RealtimeClient> OpenWithAsync(string input)
    {
        var client = await OpenAsync();
        await client.UpdateAsync(input);
        await client.NextAsync("session.updated");
        return client;
    }
}

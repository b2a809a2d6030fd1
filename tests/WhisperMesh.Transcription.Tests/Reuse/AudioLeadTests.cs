using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Transcription.Reuse;

namespace WhisperMesh.Transcription.Tests.Reuse;

public sealed class AudioLeadTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<ReadOnlyMemory<float>> _audio = Channel.CreateUnbounded<ReadOnlyMemory<float>>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gather_AudioThatIsThere_KnowsAllOfItAndGivesItUnchanged()
    {
        float[] samples = [.. Enumerable.Range(0, 50_000).Select(i => i / 50_000f)];
        Send(samples[..16_000], samples[16_000..40_000], samples[40_000..]);
        _audio.Writer.Complete();
        var budget = new LeadBudget(1 << 20);
        await using var lead = new AudioLead(_audio.Reader.ReadAllAsync(Token), budget, _time);

        await lead.GatherAsync(Token).WaitAsync(Bound, Token);

        lead.Hash.ShouldBe(SHA256.HashData(MemoryMarshal.AsBytes(samples.AsSpan())));
        (await ReadAsync(lead)).ShouldBe(samples);
        budget.TryTake(1 << 20).ShouldBeTrue();
    }

    [Fact]
    public async Task Gather_AudioThatComesAsItIsSpoken_IsLetThroughSoon()
    {
        Send(new float[320]);
        await using var lead = new AudioLead(_audio.Reader.ReadAllAsync(Token), new LeadBudget(1 << 20), _time);

        var gathering = lead.GatherAsync(Token);
        while (!gathering.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await gathering.WaitAsync(Bound, Token);
        lead.Hash.ShouldBeNull();
        Send([1, 2], [3]);
        _audio.Writer.Complete();
        (await ReadAsync(lead)).ShouldBe([.. new float[320], 1, 2, 3]);
        lead.Hash.ShouldNotBeNull();
    }

    [Fact]
    public async Task Gather_NoMemoryLeft_HearsTheRestAsItIsRead()
    {
        Send([1, 2, 3], [4, 5, 6], [7]);
        _audio.Writer.Complete();
        await using var lead = new AudioLead(_audio.Reader.ReadAllAsync(Token), new LeadBudget(16), _time);

        await lead.GatherAsync(Token).WaitAsync(Bound, Token);

        lead.Hash.ShouldBeNull();
        (await ReadAsync(lead)).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        lead.Hash.ShouldNotBeNull();
    }

    [Fact]
    public async Task Gather_AudioThatBreaks_Throws()
    {
        Send([1, 2, 3]);
        _audio.Writer.Complete(new IOException("broken"));
        await using var lead = new AudioLead(_audio.Reader.ReadAllAsync(Token), new LeadBudget(1 << 20), _time);

        await Should.ThrowAsync<IOException>(() => lead.GatherAsync(Token).WaitAsync(Bound, Token));
    }

    [Fact]
    public async Task Dispose_WhileAudioIsAwaited_Ends()
    {
        Send(new float[320]);
        var lead = new AudioLead(_audio.Reader.ReadAllAsync(CancellationToken.None), new LeadBudget(1 << 20), _time);
        var gathering = lead.GatherAsync(Token);
        while (!gathering.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await gathering;

        await lead.DisposeAsync().AsTask().WaitAsync(Bound, Token);
    }

    private void Send(params float[][] blocks)
    {
        foreach (var block in blocks)
        {
            _audio.Writer.TryWrite(block).ShouldBeTrue();
        }
    }

    private static async Task<List<float>> ReadAsync(AudioLead lead)
    {
        var samples = new List<float>();
        await foreach (var block in lead.ReadAsync(Token))
        {
            samples.AddRange(block.Span);
        }

        return samples;
    }
}

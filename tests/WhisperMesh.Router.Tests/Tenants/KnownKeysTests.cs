using Microsoft.Extensions.Time.Testing;
using WhisperMesh.Router.Tenants.Keys;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tests.Fakes;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class KnownKeysTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeKeyStore _store = new();
    private readonly KnownKeys _keys;
    private readonly KeyRecord _record;

    public KnownKeysTests()
    {
        _keys = new KnownKeys(_store, _time);
        _record = Record(ApiKey.Create());
    }

    [Fact]
    public async Task Find_SecondTime_AsksTheStoreOnce()
    {
        await AddAsync();

        (await FindAsync()).ShouldBe(_record);
        (await FindAsync()).ShouldBe(_record);

        _store.Reads.ShouldBe(1);
    }

    [Fact]
    public async Task Find_StoreGone_KnownForAMinuteThenNot()
    {
        await AddAsync();
        await FindAsync();
        _store.Gone = true;

        _time.Advance(TimeSpan.FromSeconds(60));
        (await FindAsync()).ShouldBe(_record);

        _time.Advance(TimeSpan.FromSeconds(1));
        await Should.ThrowAsync<StoreUnavailableException>(FindAsync);
    }

    [Fact]
    public async Task Find_StoreGone_UnknownKeyThrows()
    {
        await AddAsync();
        _store.Gone = true;

        await Should.ThrowAsync<StoreUnavailableException>(FindAsync);
    }

    [Fact]
    public async Task Find_KeyInUse_IsKnownForAMinuteFromTheLastLook()
    {
        await AddAsync();
        await FindAsync();
        _time.Advance(TimeSpan.FromSeconds(50));
        await FindAsync();
        await Bounds.UntilAsync(() => _store.Reads == 2);
        _store.Gone = true;

        _time.Advance(TimeSpan.FromSeconds(55));

        (await FindAsync()).ShouldBe(_record);
    }

    [Fact]
    public async Task Find_Revoked_IsGoneAtOnce()
    {
        await AddAsync();
        await FindAsync();

        await _store.RemoveAsync(_record.Id, TestContext.Current.CancellationToken);

        (await FindAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Find_RevokedAndTheMessageLost_IsGoneWithinAMinute()
    {
        await AddAsync();
        await FindAsync();

        _store.RemoveSilently(_record.Id);
        _time.Advance(TimeSpan.FromSeconds(61));

        (await FindAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Find_RevokedWhileBeingRead_IsNotRemembered()
    {
        await AddAsync();
        _store.Hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = FindAsync();

        await _store.RemoveAsync(_record.Id, TestContext.Current.CancellationToken);
        _store.Hold.SetResult();
        _store.Hold = null;
        await reading;

        (await FindAsync()).ShouldBeNull();
    }

    private Task AddAsync() => _store.AddAsync(_record, TestContext.Current.CancellationToken);

    private Task<KeyRecord?> FindAsync() => _keys.FindAsync(_record.Id, TestContext.Current.CancellationToken).AsTask().Bounded();

    private static KeyRecord Record(ApiKey key) => new()
    {
        Id = key.Id,
        Tenant = "one",
        Name = "test",
        Scopes = Scopes.Default,
        Hash = key.Hash(),
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using WhisperMesh.Router.Tenants.Store;
using WhisperMesh.Router.Tenants.Usage;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class UsageJournalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whispermesh-journal-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Drain_AfterAppend_HandsAllOverOnce()
    {
        using var journal = Open();
        journal.Append(Entry("a"));
        journal.Append(Entry("b"));

        (await DrainAsync(journal)).ShouldBe(["a", "b"]);
        (await DrainAsync(journal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drain_WriteFails_NothingIsLost()
    {
        using var journal = Open();
        journal.Append(Entry("a"));
        journal.Append(Entry("b"));

        await Should.ThrowAsync<StoreUnavailableException>(journal.DrainAsync(
            entry => entry.Id == "b" ? throw new StoreUnavailableException() : Task.CompletedTask, TestContext.Current.CancellationToken));

        (await DrainAsync(journal)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Drain_FileOfARouterThatLives_IsLeftAlone()
    {
        using var mine = Open();
        using var other = Open();
        other.Append(Entry("other"));

        (await DrainAsync(mine)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Drain_FileOfARouterThatDiedInMidLine_IsTakenOver()
    {
        using (var dead = Open())
        {
            dead.Append(Entry("whole"));
        }

        var file = Directory.GetFiles(_folder, "*.jsonl", SearchOption.AllDirectories).ShouldHaveSingleItem();
        await File.AppendAllTextAsync(file, """{"Id":"cut","Ten""", TestContext.Current.CancellationToken);
        using var mine = Open();

        (await DrainAsync(mine)).ShouldBe(["whole"]);
        File.Exists(file).ShouldBeFalse();
    }

    [Fact]
    public async Task Drain_FileOfAnotherMesh_IsLeftAlone()
    {
        using (var dead = Open(redis: "10.0.0.9:6379"))
        {
            dead.Append(Entry("foreign"));
        }

        using var mine = Open();

        (await DrainAsync(mine)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Append_AboveTheBound_KeepsWhatFits()
    {
        using var journal = Open(maxBytes: 1024);
        for (var i = 0; i < 100; i++)
        {
            journal.Append(Entry($"{i}"));
        }

        var kept = await DrainAsync(journal);
        kept.Count.ShouldBeInRange(1, 20);
        kept.ShouldBe(Enumerable.Range(0, kept.Count).Select(i => $"{i}"));

        // Emptied, it has room again.
        journal.Append(Entry("later"));
        (await DrainAsync(journal)).ShouldBe(["later"]);
    }

    private static async Task<List<string>> DrainAsync(UsageJournal journal)
    {
        var ids = new List<string>();
        await journal.DrainAsync(
            entry =>
            {
                ids.Add(entry.Id);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return ids;
    }

    private UsageJournal Open(long maxBytes = 1 << 20, string redis = "127.0.0.1:6379,password=secret") => new(
        Options.Create(new UsageOptions { JournalDirectory = _folder, JournalMaxBytes = maxBytes }),
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:redis"] = redis }).Build(),
        NullLogger<UsageJournal>.Instance);

    private static UsageEntry Entry(string id) => new()
    {
        Id = id,
        Tenant = "one",
        At = DateTimeOffset.UnixEpoch,
        Slot = new UsageSlot("key", "model", "en", ""),
        Amounts = new UsageAmounts(1, 2, 3, 4),
    };
}

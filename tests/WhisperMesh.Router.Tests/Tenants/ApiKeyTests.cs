using FsCheck;
using FsCheck.Fluent;
using WhisperMesh.Router.Tenants.Keys;

namespace WhisperMesh.Router.Tests.Tenants;

public sealed class ApiKeyTests
{
    [Fact]
    public void Create_ManyKeys_EachParsesAndIsUnlikeTheOthers()
    {
        var keys = Enumerable.Range(0, 1000).Select(_ => ApiKey.Create()).ToList();

        keys.Select(key => key.Reveal()).Distinct().Count().ShouldBe(1000);
        keys.Select(key => key.Id).Distinct().Count().ShouldBe(1000);
        keys.ShouldAllBe(key => key.Reveal().Length == ApiKey.Length && key.Reveal().StartsWith("wm_", StringComparison.Ordinal));
        foreach (var key in keys)
        {
            ApiKey.TryParse(key.Reveal(), out var parsed).ShouldBeTrue();
            parsed!.Id.ShouldBe(key.Id);
            parsed.Hash().ShouldBe(key.Hash());
        }
    }

    [Fact]
    public void TryParse_AnySingleCharacterTypo_IsRefused()
    {
        // Every place, every printable character: all typos of one character of a key.
        for (var round = 0; round < 20; round++)
        {
            var text = ApiKey.Create().Reveal();
            for (var i = 0; i < text.Length; i++)
            {
                for (var typo = ' '; typo <= '~'; typo++)
                {
                    var changed = $"{text[..i]}{typo}{text[(i + 1)..]}";
                    ApiKey.TryParse(changed, out _).ShouldBe(changed == text, changed);
                }
            }
        }
    }

    [Fact]
    public void TryParse_NeighboursSwappedOrOneLeftOutOrDoubled_IsRefused()
    {
        for (var round = 0; round < 50; round++)
        {
            var text = ApiKey.Create().Reveal();
            for (var i = 0; i < text.Length - 1; i++)
            {
                var swapped = $"{text[..i]}{text[i + 1]}{text[i]}{text[(i + 2)..]}";
                ApiKey.TryParse(swapped, out _).ShouldBe(swapped == text, swapped);
                ApiKey.TryParse(text.Remove(i, 1), out _).ShouldBeFalse();
                ApiKey.TryParse(text.Insert(i, text[i].ToString()), out _).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public void TryParse_AnyText_IsRefusedWithoutThrowing() =>
        Prop.ForAll<string?>(text => text is null || !ApiKey.TryParse(text, out _) || text.Length == ApiKey.Length).QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_OfAKey_HoldsNoSecret()
    {
        var key = ApiKey.Create();

        $"{key}".ShouldContain(key.Id);
        $"{key}".Length.ShouldBeLessThan(20);
    }

    [Fact]
    public void Matches_SameIdOtherSecret_False()
    {
        var key = ApiKey.Create();
        var record = new KeyRecord
        {
            Id = key.Id,
            Tenant = "one",
            Name = "test",
            Scopes = Scopes.All,
            Hash = key.Hash(),
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

        record.Matches(key).ShouldBeTrue();
        record.Matches(ApiKey.Create()).ShouldBeFalse();
    }
}

using System.Text;
using WhisperMesh.Router.Routing.Configuration;
using WhisperMesh.Router.Routing.Configuration.Checks;
using WhisperMesh.Router.Tests.Routing.Policies;

namespace WhisperMesh.Router.Tests.Routing.Configuration;

/// <summary>A wrong file is answered with all that is wrong with it, in the file's own terms.</summary>
public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Read_Nothing_HasTheDefaultsOfTheRecords()
    {
        var configuration = Valid("""{ "routes": [{ "name": "a" }], "tenants": { "x": {} }, "upstreams": [{ "name": "u", "address": "http://u" }] }""");

        configuration.Routes[0].ShouldBeEquivalentTo(new RouteSettings { Name = "a" });
        configuration.Tenants["x"].ShouldBeEquivalentTo(new TenantSettings());
        configuration.Upstreams[0].ShouldBeEquivalentTo(new UpstreamSettings { Name = "u", Address = "http://u" });
        configuration.Cache.ShouldBe(new CacheSettings());
    }

    [Fact]
    public void Read_CommentsAndTrailingCommas_AreFine() =>
        Valid("""
            // At the top.
            { "models": { "m": { "aliases": ["a", /* here */ "b",], }, }, }
            """).Models["m"].Aliases.ShouldBe(["a", "b"]);

    [Fact]
    public void Read_Durations_AreHoursMinutesSeconds() =>
        Valid("""{ "routes": [{ "name": "a", "deadline": "00:01:30" }] }""").Routes[0].Deadline.ShouldBe(TimeSpan.FromSeconds(90));

    [Fact]
    public void Read_BrokenSyntax_SaysLineAndColumn() =>
        Errors("{\n  \"routes\": [\n  }\n}").ShouldHaveSingleItem().ShouldStartWith("line 3, column 3: ");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"routes\":")]
    public void Read_NoObject_IsAnError(string json) => Errors(json).ShouldHaveSingleItem();

    [Theory]
    [InlineData("""{ "models": { "a": { "alias": "x" } } }""", "models.a.alias is no setting; there are aliases, fallbacks.")]
    [InlineData("""{ "Routes": 1 }""", "Routes is no setting; it is spelled 'routes'.")]
    [InlineData("""{ "routes": 1 }""", "routes must be a list, in [ ].")]
    [InlineData("""{ "routes": null }""", "routes must be a list, in [ ].")]
    [InlineData("""{ "models": [] }""", "models must be an object, in { }.")]
    [InlineData("""{ "models": { "a": null } }""", "models.a must be an object, in { }.")]
    [InlineData("""{ "models": { "a": {}, "a": {} } }""", "models.a is set twice.")]
    [InlineData("""{ "models": { "a": { "aliases": [null] } } }""", "models.a.aliases[0] must be text, in quotes.")]
    [InlineData("""{ "routes": [{}] }""", "routes[0].name is missing.")]
    [InlineData("""{ "routes": [{ "name": 1 }] }""", "routes[0].name must be text, in quotes.")]
    [InlineData("""{ "routes": [{ "name": "a", "deadline": "5 min" }] }""", "routes[0].deadline must be a duration such as \"00:01:30\" (hours, minutes, seconds).")]
    [InlineData("""{ "workers": [{ "tier": 1.5 }] }""", "workers[0].tier must be a whole number.")]
    [InlineData("""{ "workers": [{ "weight": "2" }] }""", "workers[0].weight must be a number.")]
    [InlineData("""{ "cache": { "enabled": "yes" } }""", "cache.enabled must be true or false.")]
    public void Read_WhatDoesNotFit_NamesThePath(string json, string error) => Errors(json).ShouldContain(error);

    [Fact]
    public void Read_ManyErrors_TellsAllAtOnce()
    {
        var errors = Errors("""
            {
              "models": { "a": { "aliasses": "x" } },
              "workers": [{ "weight": "heavy", "tier": -1 }, { "weight": [] }, { "capacity": "two" }],
              "routes": [
                { "name": "one", "policy": "best", "deadline": "soon" },
                { "name": "one", "match": { "languages": ["spanish!"], "tasks": ["sing"] }, "pool": { "upstream": "nobody", "model": "b" } },
              ],
            }
            """);

        errors.Select(error => error.Split(' ')[0].TrimEnd(':')).ShouldBe(
            [
                "models.a.aliasses", "workers[0].weight", "workers[0].tier", "workers[1].weight", "workers[2].capacity", "routes[0].policy", "routes[0].deadline", "routes[1].name",
                "routes[1].match.languages[0]", "routes[1].match.tasks[0]", "routes[1].pool.upstream", "routes[1].pool.model",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void Read_ListThatIsNone_IsNotBlamedOnThoseThatNeedIt() =>
        Errors("""{ "upstreams": {}, "routes": [{ "name": "a", "pool": { "upstream": "u" } }] }""").ShouldHaveSingleItem()
            .ShouldStartWith("upstreams ");

    private static MeshConfiguration Valid(string json)
    {
        var reading = Read(json);
        reading.Errors.ShouldBeEmpty();
        return reading.Configuration;
    }

    private static IReadOnlyList<string> Errors(string json) => Read(json).Errors;

    private static ConfigurationReading Read(string json) =>
        new ConfigurationReader([new ModelsCheck(), new WorkersCheck(), new RoutesCheck(Candidates.AllPolicies)]).Read(Encoding.UTF8.GetBytes(json));
}

using Microsoft.Extensions.Configuration;
using WhisperMesh.Router.Trust;

namespace WhisperMesh.Router.Tests.Trust;

public sealed class KeysExposureRuleTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("False", false)]
    public void WhatIsMissing_KeysNotRequired_NamesTheSetting(string? value, bool isFine)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Router:Keys:Required", value)]).Build();

        var missing = new KeysExposureRule(configuration).WhatIsMissing;

        (missing is null).ShouldBe(isFine);
        missing?.ShouldStartWith("Router:Keys:Required");
    }
}

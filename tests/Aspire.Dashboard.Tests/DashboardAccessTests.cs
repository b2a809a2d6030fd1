using Aspire.Dashboard.Configuration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Dashboard.Tests;

public sealed class DashboardAccessTests
{
    private const string Secret = "a-secret-of-some-length";
    private const string Everywhere = "http://0.0.0.0:1";

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void Read_NothingSet_AsksForATokenUnlessOnLoopbackInDevelopment(bool isDevelopment, bool everywhere, bool asks)
    {
        var access = Read(isDevelopment, everywhere ? [("urls", Everywhere)] : []);

        (access.BrowserToken is { Length: 32 }).ShouldBe(asks);
        access.OtlpKeys.ShouldBeEmpty();
    }

    [Fact]
    public void Read_NothingSetTwice_MakesTwoTokens() => Read(false).BrowserToken.ShouldNotBe(Read(false).BrowserToken);

    [Fact]
    public void Read_TokenSet_IsAskedForInDevelopmentToo() =>
        Read(true, (DashboardAccess.BrowserTokenSetting, Secret)).BrowserToken.ShouldBe(Secret);

    [Theory]
    [InlineData(DashboardAccess.FrontendModeSetting, "unsecured")]
    [InlineData(DashboardAccess.AnonymousVariable, "true")]
    public void Read_OpenedOnPurpose_AsksForNothing(string key, string value) => Read(false, (key, value), ("urls", Everywhere)).BrowserToken.ShouldBeNull();

    [Fact]
    public void Read_OtlpBeyondLoopback_NeedsAKeyOrAWord()
    {
        (string, string) address = (DashboardAddresses.OtlpHttpVariable, Everywhere);

        Should.Throw<DashboardConfigurationException>(() => Read(true, address)).Message.ShouldContain(DashboardAccess.PrimaryKeySetting);
        Read(true, address, (DashboardAccess.OtlpModeSetting, "Unsecured")).OtlpKeys.ShouldBeEmpty();
        Read(true, address, (DashboardAccess.PrimaryKeySetting, Secret), (DashboardAccess.SecondaryKeySetting, Secret + "2"))
            .OtlpKeys.ShouldBe([Secret, Secret + "2"]);
    }

    [Theory]
    [InlineData(DashboardAccess.FrontendModeSetting, "OpenIdConnect")]
    [InlineData(DashboardAccess.OtlpModeSetting, "ClientCertificate")]
    [InlineData(DashboardAccess.OtlpModeSetting, "ApiKey")]
    [InlineData(DashboardAccess.BrowserTokenSetting, "short")]
    [InlineData(DashboardAccess.PrimaryKeySetting, "short")]
    public void Read_WhatCannotBeHonoured_NamesTheSetting(string key, string value) =>
        Should.Throw<DashboardConfigurationException>(() => Read(false, (key, value))).Message.ShouldStartWith(key);

    private static DashboardAccess Read(bool isDevelopment, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
        return DashboardAccess.Read(configuration, DashboardAddresses.Read(configuration), isDevelopment);
    }
}

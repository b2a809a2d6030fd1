using Aspire.Hosting.ResourceService;

namespace Aspire.Hosting.Tests;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("Mesh__Secret")]
    [InlineData("Router__Keys__BootstrapAdminKey")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData("AWS_ACCESS_KEY_ID")]
    [InlineData("db_password")]
    [InlineData("GITHUB_TOKEN")]
    public void Apply_NameOfASecret_HidesAllOfTheValue(string name)
    {
        var shown = SecretMask.Apply(name, "hunter2-and-more");

        shown.IsMasked.ShouldBeTrue();
        shown.Value.ShouldBe(SecretMask.Mask);
    }

    [Theory]
    [InlineData("127.0.0.1:6379,password=hunter2,ssl=false", "127.0.0.1:6379,password=••••••,ssl=false")]
    [InlineData("Host=db;Username=me;Password=\"hunter2;;\";Port=1", "Host=db;Username=me;Password=••••••;Port=1")]
    [InlineData("Endpoint=sb://x/;SharedAccessKey=hunter2", "Endpoint=sb://x/;SharedAccessKey=••••••")]
    [InlineData("redis://user:hunter2@host:1/0", "redis://user:••••••@host:1/0")]
    [InlineData("--x-otlp-api-key=hunter2 --other", "--x-otlp-api-key=•••••• --other")]
    public void Apply_SecretInAValue_HidesThatPart(string value, string expected)
    {
        var shown = SecretMask.Apply("ConnectionStrings__redis", value);

        shown.IsMasked.ShouldBeTrue();
        shown.Value.ShouldBe(expected);
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:5080")]
    [InlineData("Mesh__SecretFile", "/etc/mesh/secret")]
    [InlineData("Dashboard__Otlp__AuthMode", "ApiKey")]
    [InlineData("Mesh__Secret", "")]
    public void Apply_NoSecret_IsShown(string name, string value)
    {
        var shown = SecretMask.Apply(name, value);

        shown.IsMasked.ShouldBeFalse();
        shown.Value.ShouldBe(value);
    }
}

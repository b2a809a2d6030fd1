namespace Aspire.Hosting.Orchestration;

internal sealed record HttpProbeAnnotation(string Path, int StatusCode, string EndpointName) : IProbeAnnotation
{
    public async Task ProbeAsync(ResourceInstance instance, HttpClient http, CancellationToken cancellationToken)
    {
        var uri = new UriBuilder("http", ResourceInstance.Host, instance.PortOf(EndpointName), Path).Uri;
        using var response = await http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if ((int)response.StatusCode != StatusCode)
        {
            throw new HttpRequestException($"{uri} answers {(int)response.StatusCode} instead of {StatusCode}");
        }
    }
}

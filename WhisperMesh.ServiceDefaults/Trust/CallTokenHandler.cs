namespace WhisperMesh.ServiceDefaults.Trust;

/// <summary>Puts a fresh token on each call to one worker.</summary>
internal sealed class CallTokenHandler(CallToken tokens, string workerId, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(CallToken.Header, tokens.Create(workerId, request.RequestUri!.AbsolutePath));
        return base.SendAsync(request, cancellationToken);
    }
}

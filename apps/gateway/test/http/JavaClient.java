import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks by POST and by GET, several times on one connection, with the client as Java makes it: it offers h2c each time. */
class JavaClient {
  public static void main(String[] arguments) throws Exception {
    String url = arguments[0];
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest post = HttpRequest.newBuilder(URI.create(url + "/graphql"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"query\":\"{ __typename }\"}"))
        .build();
    HttpRequest get = HttpRequest.newBuilder(URI.create(url + "/graphql?query=%7B__typename%7D"))
        .header("apollo-require-preflight", "true")
        .build();
    HttpRequest nowhere = HttpRequest.newBuilder(URI.create(url + "/nowhere")).build();
    for (HttpRequest request : new HttpRequest[] {post, get, nowhere, post}) {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      System.out.println(response.statusCode() + " " + response.version() + " " + response.body());
    }
  }
}
